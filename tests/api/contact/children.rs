//! Mail addresses, telephone numbers and postal addresses.

use super::contact;
use crate::field_event::with_things;
use crate::support::*;

/// What is below a contact: its name in paths and in messages, a body without the contact, and what it becomes.
fn kinds() -> [(&'static str, &'static str, Value, Value); 3] {
    [
        (
            "email",
            "Email",
            json!({"email": "A.Miller@Example.ORG"}),
            json!({"email": "A.Miller@example.org", "email_type": "Primary"}),
        ),
        (
            "phone",
            "Phone",
            json!({"phone_number": " (505) 555-0199 ", "phone_type": "Home"}),
            json!({"phone_number": "+15055550199", "phone_type": "Home"}),
        ),
        (
            "address",
            "Address",
            json!({"address_line_1": "1 Main St", "address_line_2": " ", "state": null, "address_type": "Physical"}),
            json!({"address_line_1": "1 Main St", "address_line_2": null, "city": null, "state": null, "postal_code": null,
                "country": "United States", "address_type": "Physical"}),
        ),
    ]
}

fn with(body: &Value, key: &str, value: Value) -> Value {
    let mut body = body.clone();
    body[key] = value;
    body
}

both! {
    fn what_is_below_a_contact_is_stored_changed_and_removed(db: Database) {
        let app = with_things(db);
        let (one, other) = (contact(&app, 1, "A. Miller"), contact(&app, 1, "B. Ortiz"));
        for (kind, model, sent, stored) in kinds() {
            let made = app.create(&format!("/contact/{kind}"), with(&with(&sent, "contact_id", one.clone()), "release_status", json!("private")));
            let mut expected = json!({"id": made["id"], "created_at": made["created_at"], "release_status": "private", "contact_id": one});
            expected.as_object_mut().unwrap().extend(stored.as_object().unwrap().clone());
            assert_eq!(made.to_string(), expected.to_string(), "{kind}");
            let path = format!("/contact/{kind}/{}", made["id"]);
            assert_eq!(app.get(&path).expect(200), made);
            let many = if kind == "address" { "addresses".to_owned() } else { format!("{kind}s") };
            assert_eq!(app.get(&format!("/contact/{one}")).expect(200)[&many], json!([made]));

            let changed = app.patch(&path, json!({"contact_id": other, (format!("{kind}_type")): "Work"})).expect(200);
            let expected = with(&with(&made, "contact_id", other.clone()), &format!("{kind}_type"), json!("Work"));
            assert_eq!(changed, expected);
            assert_eq!(app.patch(&path, json!({})).expect(200), changed);
            assert_eq!(app.get(&format!("/contact/{one}")).expect(200)[&many], json!([]));
            assert_eq!(app.delete(&path).status, 204);
            for reply in [app.get(&path), app.delete(&path), app.patch(&path, json!({"contact_id": "x"}))] {
                assert_eq!(reply.detail(404), format!("{model} with ID {} not found.", made["id"]));
            }
            assert_eq!(app.get(&format!("/contact/{kind}/first")).detail(422)[0]["loc"], json!(["path", format!("{kind}_id")]));
        }
    }

    fn the_contact_must_be_named_and_there(db: Database) {
        let app = with_things(db);
        let one = contact(&app, 1, "A. Miller");
        for (kind, _, sent, _) in kinds() {
            let route = format!("/contact/{kind}");
            assert_eq!(app.post(&route, sent.clone()).detail(422),
                json!([{"type": "missing", "loc": ["body", "contact_id"], "msg": "Field required", "input": sent}]));
            assert_eq!(app.post(&route, with(&sent, "contact_id", Value::Null)).detail(422)[0]["type"], "int_type");
            let made = app.create(&route, with(&sent, "contact_id", one.clone()));
            for id in [4711, 99_999_999_999_i64] {
                let unknown = json!([{"type": "value_error", "loc": ["body", "contact_id"], "msg": format!("Contact with ID {id} not found."),
                    "input": {"contact_id": id}}]);
                assert_eq!(app.post(&route, with(&sent, "contact_id", json!(id))).detail(409), unknown);
                assert_eq!(app.patch(&format!("{route}/{}", made["id"]), json!({"contact_id": id})).detail(409), unknown);
            }
            assert_eq!(app.get(&route).expect(200)["total"], 1, "nothing was stored");
        }
    }

    fn numbers_and_addresses_must_be_ones(db: Database) {
        let app = with_things(db);
        let one = contact(&app, 1, "A. Miller");
        let bad = |field: &str, sent: &str, message: &str| {
            json!([{"type": "value_error", "loc": ["body", field], "msg": format!("Value error, {message} {sent}"), "input": sent,
                "ctx": {"error": {}}}])
        };
        for (kind, field, sent, message) in [
            ("email", "email", "miller@example", "Invalid email format."),
            ("email", "email", "A. Miller <miller@example.org>", "Invalid email format."),
            ("phone", "phone_number", "555-0199", "Invalid phone number."),
            ("phone", "phone_number", "the blue one", "Invalid phone number."),
        ] {
            let route = format!("/contact/{kind}");
            let (_, _, good, _) = kinds().into_iter().find(|(known, ..)| *known == kind).unwrap();
            let good = with(&good, "contact_id", one.clone());
            assert_eq!(app.post(&route, with(&good, field, json!(sent))).detail(422), bad(field, sent, message));
            let made = app.create(&route, good);
            let path = format!("{route}/{}", made["id"]);
            assert_eq!(app.patch(&path, json!({field: sent})).detail(422), bad(field, sent, message));
            assert_eq!(app.patch(&path, json!({field: null})).detail(422)[0]["type"], "string_type");
            assert_eq!(app.patch(&path, json!({(format!("{kind}_type")): "Fax"})).detail(422)[0]["type"], "enum");
            assert_eq!(app.get(&path).expect(200), made);
        }
        let made = app.create("/contact/address", json!({"contact_id": one, "address_line_1": "1 Main St"}));
        assert_eq!(json!([made["state"], made["country"], made["address_type"]]), json!(["NM", "United States", "Primary"]));
        let path = format!("/contact/address/{}", made["id"]);
        let changed = app.patch(&path, json!({"state": null, "postal_code": "87801", "city": "Socorro", "country": "Mexico"})).expect(200);
        assert_eq!(json!([changed["state"], changed["postal_code"], changed["city"], changed["country"], changed["address_line_1"]]),
            json!([null, "87801", "Socorro", "Mexico", "1 Main St"]));
        for (field, value, kind) in [("address_line_1", json!(" "), "string_too_short"), ("address_line_1", Value::Null, "string_type"),
                                     ("state", json!("s".repeat(51)), "string_too_long"), ("country", Value::Null, "string_type")] {
            let detail = app.patch(&path, json!({field: value})).detail(422);
            assert_eq!((&detail[0]["loc"], &detail[0]["type"]), (&json!(["body", field]), &json!(kind)));
        }
    }

    fn they_are_listed_of_all_contacts_and_of_one(db: Database) {
        let app = with_things(db);
        let (one, other) = (contact(&app, 1, "A. Miller"), contact(&app, 1, "B. Ortiz"));
        for (kind, model, sent, _) in kinds() {
            let made: Vec<Value> = [&other, &one, &other].iter()
                .map(|contact| app.create(&format!("/contact/{kind}"), with(&sent, "contact_id", (*contact).clone()))["id"].clone()).collect();
            let ids = |path: &str| app.items(path, "id");
            assert_eq!(ids(&format!("/contact/{kind}")), made);
            assert_eq!(ids(&format!("/contact/{kind}?sort=contact_id")), [made[1].clone(), made[0].clone(), made[2].clone()]);
            assert_eq!(ids(&format!("/contact/{kind}?{}", filter("contact_id", "eq", one.clone()))), [made[1].clone()]);
            assert_eq!(ids(&format!("/contact/{one}/{kind}")), [made[1].clone()]);
            let page = app.get(&format!("/contact/{other}/{kind}?size=1&page=2")).expect(200);
            assert_eq!(json!([page["total"], page["pages"], page["items"][0]["id"]]), json!([2, 2, made[2]]));
            assert_eq!(app.get(&format!("/contact/4711/{kind}")).detail(404), "Contact with ID 4711 not found.");
            assert_eq!(app.get(&format!("/contact/x/{kind}")).detail(422)[0]["loc"], json!(["path", "contact_id"]));
            assert_eq!(app.get(&format!("/contact/{kind}?{}", filter("colour", "eq", json!(1)))).detail(400),
                format!("Unknown filter field 'colour' for {model}"));
        }
        let alone = contact(&app, 2, "C. Reyes");
        assert_eq!(app.get(&format!("/contact/{alone}/email")).expect(200)["total"], 0, "a contact without any is no missing contact");
    }
}
