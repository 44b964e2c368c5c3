use crate::field_event::{sampled, with_things};
use crate::support::*;

const DEPTHS: &str = "Value error, Depth top and bottom must both be defined or both must be None.";

fn body(activity: &Value, name: &str) -> Value {
    json!({"field_activity_id": activity, "sample_date": "2026-02-20T10:05:00-07:00", "sample_name": name,
        "sample_matrix": "groundwater", "sample_method": "Steel-tape measurement", "qc_type": "Normal"})
}

fn with(mut body: Value, key: &str, value: Value) -> Value {
    body[key] = value;
    body
}

both! {
    fn a_sample_comes_back_with_where_it_comes_from(db: Database) {
        db.execute("INSERT INTO contact (id, name, role, contact_type) VALUES (1, 'Field Hand', 'Technician', 'Primary')");
        let app = with_things(db);
        let [event, activity, _] = sampled(&app, 1, "groundwater level", "first");
        app.db.execute(&format!("INSERT INTO field_event_participant (id, field_event_id, contact_id, participant_role) \
            VALUES (7, {event}, 1, 'Lead')"));
        let mut sent = body(&activity, " SO-0001-WL-202602201705 ");
        for (key, value) in [("field_event_participant_id", json!(7)), ("depth_top", json!(10)), ("depth_bottom", json!("12.5")),
                             ("notes", json!("clear")), ("release_status", json!("public"))] {
            sent[key] = value;
        }
        let made = app.create("/sample", sent);
        assert_eq!(made.as_object().unwrap().keys().collect::<Vec<_>>(), ["id", "created_at", "release_status", "thing",
            "field_event", "field_activity", "contact", "sample_date", "sample_name", "sample_matrix", "sample_method", "qc_type",
            "notes", "depth_top", "depth_bottom"]);
        assert_eq!((&made["sample_name"], &made["sample_date"], &made["depth_top"], &made["depth_bottom"], &made["release_status"]),
            (&json!("SO-0001-WL-202602201705"), &json!("2026-02-20T17:05:00Z"), &json!(10.0), &json!(12.5), &json!("public")));
        assert_eq!((&made["thing"]["id"], &made["thing"]["name"]), (&json!(1), &json!("SO-0001")));
        assert_eq!(made["contact"]["id"], 1);
        assert_eq!(made["field_event"], app.get(&format!("/field-event/{event}")).expect(200));
        assert_eq!(made["field_activity"].as_object().unwrap().keys().collect::<Vec<_>>(),
            ["id", "created_at", "release_status", "field_event_id", "activity_type"]);
        assert_eq!((&made["field_activity"]["id"], &made["field_activity"]["field_event_id"]), (&activity, &event));
        let path = format!("/sample/{}", made["id"]);
        assert_eq!(app.get(&path).expect(200), made);

        let [_, other, _] = sampled(&app, 3, "water chemistry", "second");
        let changed = app.patch(&path, json!({"field_activity_id": other, "field_event_participant_id": null, "depth_top": null,
            "depth_bottom": null, "qc_type": "Duplicate"})).expect(200);
        assert_eq!((&changed["thing"]["name"], &changed["contact"], &changed["depth_top"], &changed["qc_type"], &changed["notes"]),
            (&json!("Ojo Frio"), &Value::Null, &Value::Null, &json!("Duplicate"), &json!("clear")));
        assert_eq!(app.patch(&path, json!({})).expect(200), changed);
        assert_eq!(app.delete(&path).status, 204);
        for reply in [app.get(&path), app.patch(&path, json!({"depth_top": 1})), app.delete(&path)] {
            assert_eq!(reply.detail(404), format!("Sample with ID {} not found.", made["id"]));
        }
    }

    fn the_taker_of_a_sample_comes_complete(db: Database) {
        db.execute("INSERT INTO contact (id, name, organization, role, contact_type) VALUES \
                (1, 'Field Hand', 'USGS', 'Technician', 'Primary'), (2, 'Other', NULL, 'Owner', 'Primary'); \
            INSERT INTO email (contact_id, email, email_type) VALUES (1, 'hand@example.org', 'Work'), (2, 'x@example.org', 'Work'); \
            INSERT INTO phone (contact_id, phone_number, phone_type) VALUES (1, '+15055550142', 'Mobile'), (1, '+15055550143', 'Work'); \
            INSERT INTO address (contact_id, address_line_1, country, address_type) VALUES (1, '1 Main St', 'United States', 'Work'); \
            INSERT INTO incomplete_nma_phone (contact_id, phone_number) VALUES (1, '555-0142'); \
            INSERT INTO notes (target_table, target_id, note_type, content) VALUES ('contact', 1, 'General', 'g'), \
                ('contact', 1, 'Communication', 'c'), ('contact', 1, 'Access', 'a'), ('thing', 1, 'General', 'not mine')");
        let app = with_things(db);
        let [event, activity, _] = sampled(&app, 1, "groundwater level", "first");
        app.db.execute(&format!("INSERT INTO field_event_participant (id, field_event_id, contact_id, participant_role) \
                VALUES (7, {event}, 1, 'Lead'), (8, {event}, 1, 'Observer'); \
            INSERT INTO thing_contact_association (thing_id, contact_id) VALUES (2, 1), (1, 1), (2, 1), (3, 2)"));
        for (participant, name) in [(7, "a"), (8, "b")] {
            app.create("/sample", with(body(&activity, name), "field_event_participant_id", json!(participant)));
        }
        let page = app.get("/sample").expect(200);
        let contact = &page["items"][1]["contact"];
        assert_eq!(contact.as_object().unwrap().keys().collect::<Vec<_>>(), ["id", "created_at", "release_status", "name", "organization",
            "role", "contact_type", "incomplete_nma_phones", "emails", "phones", "addresses", "things", "communication_notes", "general_notes"]);
        assert_eq!((&contact["name"], &contact["organization"], &contact["role"], &contact["contact_type"]),
            (&json!("Field Hand"), &json!("USGS"), &json!("Technician"), &json!("Primary")));
        let each = |list: &str, key: &str| -> Value {
            contact[list].as_array().unwrap().iter().map(|item| item[key].clone()).collect()
        };
        assert_eq!(each("emails", "email"), json!(["hand@example.org"]));
        assert_eq!(each("phones", "phone_number"), json!(["+15055550142", "+15055550143"]));
        assert_eq!(each("addresses", "address_line_1"), json!(["1 Main St"]));
        assert_eq!(each("things", "name"), json!(["SO-0001", "SO-0002"]));
        assert_eq!((each("communication_notes", "content"), each("general_notes", "content")), (json!(["c"]), json!(["g"])));
        assert_eq!(contact["incomplete_nma_phones"], json!(["555-0142"]));
        assert_eq!(&page["items"][2]["contact"], contact);
        assert_eq!(page["items"][0]["contact"], Value::Null);
    }

    fn bad_bodies_are_refused_field_by_field(db: Database) {
        let app = with_things(db);
        let detail = app.post("/sample", json!({"sample_date": "2026-02-20T10:05:00", "sample_matrix": "beer", "depth_top": 1})).detail(422);
        let seen: Vec<Value> = detail.as_array().unwrap().iter().map(|p| json!([p["loc"], p["type"]])).collect();
        assert_eq!(json!(seen), json!([
            [["body", "field_activity_id"], "missing"], [["body", "sample_date"], "timezone_aware"], [["body", "sample_name"], "missing"],
            [["body", "sample_matrix"], "enum"], [["body", "sample_method"], "missing"], [["body", "qc_type"], "missing"],
            [["body"], "value_error"]]));
        let [_, activity, sample] = sampled(&app, 1, "groundwater level", "s");
        for key in ["sample_matrix", "sample_method", "qc_type"] {
            let detail = app.post("/sample", with(body(&activity, "x"), key, json!("odd"))).detail(422);
            assert_eq!((&detail[0]["loc"], &detail[0]["type"]), (&json!(["body", key]), &json!("enum")));
            assert_eq!(app.patch(&format!("/sample/{sample}"), json!({key: "odd"})).detail(422)[0]["loc"], json!(["body", key]));
            assert_eq!(app.patch(&format!("/sample/{sample}"), json!({key: null})).detail(422)[0]["type"], "string_type");
        }
        let detail = app.post("/sample", with(body(&activity, "x"), "sample_date", json!("2999-01-01T00:00:00Z"))).detail(422);
        assert_eq!(detail[0]["type"], "value_error");
    }

    fn depths_come_in_pairs(db: Database) {
        let app = with_things(db);
        let [_, activity, sample] = sampled(&app, 1, "groundwater level", "s");
        let sent = with(body(&activity, "x"), "depth_top", json!(1.5));
        assert_eq!(app.post("/sample", sent.clone()).detail(422), json!([{"type": "value_error", "loc": ["body"], "msg": DEPTHS,
            "input": sent, "ctx": {"error": {}}}]));
        assert_eq!(app.post("/sample", with(sent.clone(), "depth_bottom", json!(null))).status, 422);
        assert_eq!(app.post("/sample", with(sent, "depth_bottom", json!(2))).status, 201);
        let path = format!("/sample/{sample}");
        assert_eq!(app.patch(&path, json!({"depth_top": 1, "depth_bottom": 2})).status, 200);
        for one in [json!({"depth_top": 3}), json!({"depth_bottom": 3}), json!({"depth_top": null})] {
            let detail = app.patch(&path, one).detail(422);
            assert_eq!((&detail[0]["loc"], &detail[0]["msg"]), (&json!(["body"]), &json!(DEPTHS)));
        }
        assert_eq!(app.get(&path).expect(200)["depth_bottom"], 2.0);
    }

    fn conflicts_are_told_on_post_and_on_patch(db: Database) {
        let app = with_things(db);
        let [_, activity, _] = sampled(&app, 1, "groundwater level", "taken");
        let mine = app.create("/sample", body(&activity, "mine"));
        let path = format!("/sample/{}", mine["id"]);
        for (key, value, message) in [
            ("sample_name", json!("taken"), "Sample with sample_name taken already exists."),
            ("field_activity_id", json!(4711), "FieldActivity with ID 4711 does not exist."),
            ("field_activity_id", json!(99_999_999_999_i64), "FieldActivity with ID 99999999999 does not exist."),
            ("field_event_participant_id", json!(4711), "FieldEventParticipant with ID 4711 not found."),
        ] {
            let expected = json!([{"type": "value_error", "loc": ["body", key], "msg": message, "input": {key: value}}]);
            assert_eq!(app.post("/sample", with(body(&activity, "new"), key, value.clone())).detail(409), expected);
            assert_eq!(app.patch(&path, json!({key: value})).detail(409), expected);
        }
        assert_eq!(app.get("/sample").expect(200)["total"], 2, "nothing was stored");
        assert_eq!(app.patch(&path, json!({"sample_name": "mine"})).status, 200, "its own name");
    }

    fn samples_are_listed_by_thing(db: Database) {
        let app = with_things(db);
        for (thing, name) in [(1, "b"), (2, "C"), (1, "a"), (3, "d")] {
            sampled(&app, thing, "groundwater level", name);
        }
        let names = |query: &str| json!(app.items(&format!("/sample?{query}"), "sample_name"));
        assert_eq!(names(""), json!(["b", "C", "a", "d"]));
        assert_eq!(names("thing_id=1"), json!(["b", "a"]));
        assert_eq!(names("thing_id=4711"), json!([]));
        assert_eq!(names("sort=sample_name&order=desc&size=2"), json!(["d", "C"]));
        assert_eq!(names(&filter("sample_name", "in", json!(["a", "C"]))), json!(["C", "a"]));
        assert_eq!(names(&format!("thing_id=1&{}", filter("sample_name", "ne", json!("a")))), json!(["b"]));
        let page = app.get("/sample?thing_id=1&size=1&page=2").expect(200);
        assert_eq!((&page["total"], &page["pages"], &page["items"][0]["sample_name"]), (&json!(2), &json!(2), &json!("a")));
        let queries = |size| app.get(&format!("/sample?size={size}")).queries();
        assert_eq!(queries(1), queries(4), "however many samples");
        assert_eq!(app.get(&format!("/sample?{}", filter("depth_top", "contains", json!("1")))).detail(400),
            "Operator contains is not supported for field 'depth_top'");
    }
}
