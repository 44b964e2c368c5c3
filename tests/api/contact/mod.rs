//! `/contact`

mod children;
mod lists;
mod races;

use crate::field_event::{sampled, with_things};
use crate::support::*;

/// What must be said of a contact for a thing.
pub fn body(thing: i64, name: &str) -> Value {
    json!({"thing_id": thing, "name": name, "role": "Owner"})
}

/// Stores a contact for a thing; gives its key.
pub fn contact(app: &App, thing: i64, name: &str) -> Value {
    app.create("/contact", body(thing, name))["id"].clone()
}

fn with(mut body: Value, key: &str, value: Value) -> Value {
    body[key] = value;
    body
}

fn conflict(field: &str, message: &str, sent: &Value) -> Value {
    json!([{"type": "value_error", "loc": ["body", field], "msg": message, "input": {field: sent}}])
}

both! {
    fn a_contact_comes_back_with_all_that_was_sent(db: Database) {
        let app = with_things(db);
        let made = app.create("/contact", json!({"thing_id": 1, "name": " A. Miller ", "organization": "USGS", "role": "Owner",
            "contact_type": "Secondary", "nma_pk_owners": "17", "release_status": "private",
            "phones": [{"phone_number": "(505) 555-0199", "phone_type": "Mobile"}, {"phone_number": " +44 20 7946 0958 "}],
            "emails": [{"email": "A.Miller@Example.ORG", "email_type": "Work", "release_status": "public"}],
            "addresses": [{"address_line_1": "1 Main St", "city": "Socorro", "postal_code": "87801", "address_type": "Mailing"}],
            "notes": [{"note_type": "Communication", "content": "evenings"}, {"note_type": "General", "content": "g"},
                {"note_type": "Access", "content": "a"}]}));
        assert_eq!(made.as_object().unwrap().keys().collect::<Vec<_>>(), ["id", "created_at", "release_status", "name", "organization",
            "role", "contact_type", "incomplete_nma_phones", "emails", "phones", "addresses", "things", "communication_notes",
            "general_notes"]);
        assert_eq!(json!([made["name"], made["organization"], made["role"], made["contact_type"], made["release_status"]]),
            json!(["A. Miller", "USGS", "Owner", "Secondary", "private"]));
        let (id, email) = (&made["id"], &made["emails"][0]);
        assert_eq!(*email, json!({"id": email["id"], "created_at": email["created_at"], "release_status": "public", "contact_id": id,
            "email": "A.Miller@example.org", "email_type": "Work"}));
        let phones: Vec<Value> = made["phones"].as_array().unwrap().iter()
            .map(|phone| json!([phone["phone_number"], phone["phone_type"], phone["contact_id"], phone["release_status"]])).collect();
        assert_eq!(json!(phones), json!([["+15055550199", "Mobile", id, "draft"], ["+442079460958", "Primary", id, "draft"]]));
        let address = &made["addresses"][0];
        assert_eq!(*address, json!({"id": address["id"], "created_at": address["created_at"], "release_status": "draft", "contact_id": id,
            "address_line_1": "1 Main St", "address_line_2": null, "city": "Socorro", "state": "NM", "postal_code": "87801",
            "country": "United States", "address_type": "Mailing"}));
        let thing = &made["things"][0];
        assert_eq!(*thing, json!({"id": 1, "created_at": thing["created_at"], "release_status": null, "name": "SO-0001"}));
        assert_eq!(json!([made["communication_notes"][0]["content"], made["general_notes"][0]["content"]]), json!(["evenings", "g"]));
        assert_eq!(json!([made["general_notes"][0]["target_table"], made["general_notes"][0]["target_id"]]), json!(["contact", id]));
        let path = format!("/contact/{id}");
        assert_eq!(app.get(&path).expect(200), made);
        assert_eq!(app.get("/contact").expect(200)["items"], json!([made]));
        assert_eq!(app.get("/thing/water-well/1").expect(200)["contacts"][0]["name"], "A. Miller");

        let changed = app.patch(&path, json!({"name": "A. Miller-Lopez", "role": "Manager", "contact_type": "Primary",
            "release_status": "public", "notes": [], "emails": []})).expect(200);
        assert_eq!(json!([changed["name"], changed["organization"], changed["role"], changed["contact_type"], changed["release_status"]]),
            json!(["A. Miller-Lopez", "USGS", "Manager", "Primary", "public"]));
        for same in ["emails", "phones", "addresses", "things", "communication_notes", "general_notes"] {
            assert_eq!(changed[same], made[same], "{same} are no part of a change");
        }
        assert_eq!(app.patch(&path, json!({})).expect(200), changed);
    }

    fn the_least_of_a_contact_is_a_name_or_an_organization(db: Database) {
        let app = with_things(db);
        let least = app.create("/contact", with(body(3, "B. Ortiz"), "emails", Value::Null));
        assert_eq!(json!([least["organization"], least["contact_type"], least["release_status"], least["emails"], least["phones"],
            least["addresses"], least["general_notes"]]), json!([null, "Primary", "draft", [], [], [], []]));
        let nobody = app.create("/contact", json!({"thing_id": 3, "organization": "NMBGMR", "role": "Unknown"}));
        assert_eq!((&nobody["name"], &nobody["organization"]), (&Value::Null, &json!("NMBGMR")));
        let nameless = "Value error, Either name or organization must be provided.";
        for sent in [json!({"thing_id": 1, "role": "Owner"}), json!({"thing_id": 1, "role": "Owner", "name": null, "organization": null}),
                     json!({"thing_id": 1, "role": "Owner", "name": "  "})] {
            let problem = json!([{"type": "value_error", "loc": ["body"], "msg": nameless, "input": sent, "ctx": {"error": {}}}]);
            assert_eq!(app.post("/contact", sent).detail(422), problem);
        }
        let detail = app.post("/contact", json!({})).detail(422);
        let seen: Vec<Value> = detail.as_array().unwrap().iter().map(|problem| json!([problem["loc"], problem["type"]])).collect();
        assert_eq!(json!(seen), json!([[["body", "thing_id"], "missing"], [["body", "role"], "missing"], [["body"], "value_error"]]));
        assert_eq!(detail[2]["msg"], nameless);
    }

    fn bad_bodies_are_refused_at_their_place(db: Database) {
        let app = with_things(db);
        let sent = json!({"thing_id": "x", "name": "n".repeat(101), "role": "King", "contact_type": "Best friend",
            "phones": [{"phone_number": "505-555-0199"}, {"phone_number": "555-0199", "phone_type": "Fax"}],
            "emails": [{"email": "nobody"}, {"email_type": "Work"}, 5], "addresses": [{"city": "c".repeat(101), "country": " "}],
            "notes": [{"note_type": "Song", "content": "la"}], "release_status": "odd"});
        let detail = app.post("/contact", sent).detail(422);
        let seen: Vec<Value> = detail.as_array().unwrap().iter().map(|problem| json!([problem["loc"], problem["type"]])).collect();
        assert_eq!(json!(seen), json!([
            [["body", "thing_id"], "int_parsing"], [["body", "name"], "string_too_long"], [["body", "role"], "enum"],
            [["body", "contact_type"], "enum"], [["body", "emails", 0, "email"], "value_error"], [["body", "emails", 1, "email"], "missing"],
            [["body", "emails", 2], "model_attributes_type"], [["body", "phones", 1, "phone_number"], "value_error"],
            [["body", "phones", 1, "phone_type"], "enum"], [["body", "addresses", 0, "address_line_1"], "missing"],
            [["body", "addresses", 0, "city"], "string_too_long"], [["body", "addresses", 0, "country"], "string_too_short"],
            [["body", "notes", 0, "note_type"], "enum"], [["body", "release_status"], "value_error"]]));
        assert_eq!(json!([detail[4]["msg"], detail[7]["msg"]]),
            json!(["Value error, Invalid email format. nobody", "Value error, Invalid phone number. 555-0199"]));
        assert_eq!(detail[3]["ctx"]["expected"], "'Primary', 'Secondary' or 'Field Event Participant'");
        assert_eq!(app.db.number("SELECT count(*) FROM contact"), 0);
        let path = format!("/contact/{}", contact(&app, 1, "kept"));
        for (field, value, kind) in [("contact_type", json!("Best friend"), "enum"), ("role", Value::Null, "string_type"),
                                     ("name", json!(5), "string_type"), ("thing_id", json!("x"), "int_parsing")] {
            let detail = app.patch(&path, json!({field: value})).detail(422);
            assert_eq!((&detail[0]["loc"], &detail[0]["type"]), (&json!(["body", field]), &json!(kind)));
        }
    }

    fn what_a_contact_names_must_be_there(db: Database) {
        let app = with_things(db);
        let path = format!("/contact/{}", contact(&app, 1, "kept"));
        for (field, value, message) in [
            ("thing_id", json!(4711), "Thing with ID 4711 not found."),
            ("thing_id", json!(99_999_999_999_i64), "Thing with ID 99999999999 not found."),
            ("organization", json!("Nobody's"), "LexiconTerm with term Nobody's not found."),
        ] {
            assert_eq!(app.post("/contact", with(body(1, "new"), field, value.clone())).detail(409), conflict(field, message, &value));
            assert_eq!(app.patch(&path, json!({field: value})).detail(409), conflict(field, message, &value));
        }
        assert_eq!(app.get("/contact").expect(200)["total"], 1, "nothing was stored");
        for path in ["/contact/4711", "/contact/99999999999"] {
            let id = path.rsplit('/').next().unwrap();
            for reply in [app.get(path), app.patch(path, json!({"role": "King"})), app.delete(path)] {
                assert_eq!(reply.detail(404), format!("Contact with ID {id} not found."));
            }
        }
        assert_eq!(app.get("/contact/first").detail(422)[0]["loc"], json!(["path", "contact_id"]));
    }

    fn a_contact_keeps_a_name_or_an_organization(db: Database) {
        let app = with_things(db);
        let refused = |field: &str, other: &str| {
            conflict(field, &format!("{field} cannot be set to None because {other} is already None."), &Value::Null)
        };
        let person = format!("/contact/{}", contact(&app, 1, "C. Reyes"));
        assert_eq!(app.patch(&person, json!({"name": null})).detail(409), refused("name", "organization"));
        assert_eq!(app.patch(&person, json!({"name": " ", "role": "Manager"})).detail(409), refused("name", "organization"));
        assert_eq!(app.patch(&person, json!({"name": null, "organization": null})).detail(409), refused("name", "organization"));
        let office = app.patch(&person, json!({"name": null, "organization": "USGS"})).expect(200);
        assert_eq!(json!([office["name"], office["organization"], office["role"]]), json!([null, "USGS", "Owner"]));
        assert_eq!(app.patch(&person, json!({"organization": null})).detail(409), refused("organization", "name"));
        app.patch(&person, json!({"name": "C. Reyes"})).expect(200);
        assert_eq!(app.patch(&person, json!({"name": null, "organization": null})).detail(409), refused("organization", "name"));
        let both = app.get(&person).expect(200);
        assert_eq!(json!([both["name"], both["organization"]]), json!(["C. Reyes", "USGS"]), "nothing was changed");
        app.patch(&person, json!({"organization": null})).expect(200);
    }

    fn no_two_have_the_same_name_and_organization(db: Database) {
        let app = with_things(db);
        let of = |name: &str, organization: Value| with(body(1, name), "organization", organization);
        app.create("/contact", of("A. Miller", json!("USGS")));
        let message = "Contact with name A. Miller and organization USGS already exists.";
        assert_eq!(app.post("/contact", of("A. Miller", json!("USGS"))).detail(409), conflict("name", message, &json!("A. Miller")));
        // Without an organization anybody may be called the same.
        let other = app.create("/contact", of("A. Miller", Value::Null));
        app.create("/contact", of("A. Miller", Value::Null));
        app.create("/contact", of("A. Miller", json!("NMBGMR")));
        let path = format!("/contact/{}", other["id"]);
        assert_eq!(app.patch(&path, json!({"organization": "USGS"})).detail(409), conflict("name", message, &json!("A. Miller")));
        app.patch(&path, json!({"name": "a. miller", "organization": "USGS"})).expect(200);
        app.patch(&path, json!({"name": "a. miller", "organization": "USGS"})).expect(200);
    }

    fn a_change_can_add_a_thing(db: Database) {
        let app = with_things(db);
        let path = format!("/contact/{}", contact(&app, 1, "A. Miller"));
        for (thing, names) in [(json!(3), json!(["SO-0001", "Ojo Frio"])), (json!(3), json!(["SO-0001", "Ojo Frio"])),
                               (Value::Null, json!(["SO-0001", "Ojo Frio"])), (json!(2), json!(["SO-0001", "SO-0002", "Ojo Frio"]))] {
            let changed = app.patch(&path, json!({"thing_id": thing})).expect(200);
            let things: Vec<Value> = changed["things"].as_array().unwrap().iter().map(|thing| thing["name"].clone()).collect();
            assert_eq!(json!(things), names);
        }
        assert_eq!(app.db.number("SELECT count(*) FROM thing_contact_association"), 3, "each once");
    }

    fn a_contact_goes_with_what_is_its_own_and_nothing_else(db: Database) {
        let app = with_things(db);
        let made = app.create("/contact", json!({"thing_id": 1, "name": "A. Miller", "role": "Owner", "emails": [{"email": "a@example.org"}],
            "phones": [{"phone_number": "505-555-0199"}], "addresses": [{"address_line_1": "1 Main St"}],
            "notes": [{"note_type": "General", "content": "g"}]}));
        let other = app.create("/contact", with(body(1, "B. Ortiz"), "notes", json!([{"note_type": "General", "content": "kept"}])));
        let [event, activity, _] = sampled(&app, 1, "groundwater level", "nobody's");
        let participant = app.create("/field-event-participant", json!({"field_event_id": event, "contact_id": made["id"],
            "participant_role": "Lead"}));
        let sample = app.create("/sample", json!({"field_activity_id": activity, "field_event_participant_id": participant["id"],
            "sample_date": "2026-02-20T17:05:00Z", "sample_name": "taken", "sample_matrix": "groundwater",
            "sample_method": "Steel-tape measurement", "qc_type": "Normal"}));
        assert_eq!(sample["contact"], app.get(&format!("/contact/{}", made["id"])).expect(200));
        // A body is ignored.
        let path = format!("/contact/{}", made["id"]);
        assert_eq!(app.send("DELETE", &path, Some("application/json"), b"{\"a\": 1}").status, 204);
        for path in [path, format!("/contact/email/{}", made["emails"][0]["id"]), format!("/contact/phone/{}", made["phones"][0]["id"]),
                     format!("/contact/address/{}", made["addresses"][0]["id"]), format!("/field-event-participant/{}", participant["id"])] {
            assert_eq!(app.get(&path).status, 404, "{path}");
            assert_eq!(app.delete(&path).status, 404, "{path}");
        }
        assert_eq!(app.db.texts("SELECT content AS value FROM notes"), ["kept"]);
        assert_eq!(app.get(&format!("/contact/{}", other["id"])).expect(200), other);
        assert_eq!(app.items("/thing?sort=id", "name"), ["SO-0001", "SO-0002", "Ojo Frio"]);
        assert_eq!(app.get(&format!("/sample/{}", sample["id"])).expect(200)["contact"], Value::Null, "what was measured stays");
    }
}
