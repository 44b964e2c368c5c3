use crate::contact::contact;
use crate::field_event::{sampled, with_things};
use crate::support::*;

const LIST: &str = "/field-event-participant";

fn body(event: &Value, contact: &Value) -> Value {
    json!({"field_event_id": event, "contact_id": contact, "participant_role": "Lead"})
}

both! {
    fn a_participant_comes_back_with_the_contact(db: Database) {
        let app = with_things(db);
        let [event, _, _] = sampled(&app, 1, "groundwater level", "one");
        let [other_event, _, _] = sampled(&app, 2, "groundwater level", "two");
        let (one, other) = (contact(&app, 1, "A. Miller"), contact(&app, 2, "B. Ortiz"));
        let made = app.create(LIST, body(&event, &one));
        assert_eq!(made.as_object().unwrap().keys().collect::<Vec<_>>(),
            ["id", "created_at", "release_status", "field_event_id", "contact_id", "participant_role", "participant"]);
        assert_eq!(json!([made["release_status"], made["field_event_id"], made["contact_id"], made["participant_role"]]),
            json!(["draft", event, one, "Lead"]));
        assert_eq!(made["participant"], app.get(&format!("/contact/{one}")).expect(200));
        let path = format!("{LIST}/{}", made["id"]);
        assert_eq!(app.get(&path).expect(200), made);
        let details = app.get("/thing/water-well/1/details").expect(200);
        assert_eq!(details["field_events"][0]["field_event_participants"], json!([made]));

        let changed = app.patch(&path, json!({"field_event_id": other_event, "contact_id": other, "participant_role": "Observer",
            "release_status": "private"})).expect(200);
        assert_eq!(json!([changed["release_status"], changed["field_event_id"], changed["contact_id"], changed["participant_role"]]),
            json!(["private", other_event, other, "Observer"]));
        assert_eq!(changed["participant"]["name"], "B. Ortiz");
        assert_eq!(app.patch(&path, json!({})).expect(200), changed);
        assert_eq!(app.delete(&path).status, 204);
        for reply in [app.get(&path), app.delete(&path), app.patch(&path, json!({"contact_id": "x"}))] {
            assert_eq!(reply.detail(404), format!("FieldEventParticipant with ID {} not found.", made["id"]));
        }
        assert_eq!(app.get(&format!("/contact/{other}")).status, 200);
    }

    fn errors_of_participants(db: Database) {
        let app = with_things(db);
        let [event, _, _] = sampled(&app, 1, "groundwater level", "one");
        let one = contact(&app, 1, "A. Miller");
        let detail = app.post(LIST, json!({"contact_id": "x", "participant_role": "Cook", "release_status": "odd"})).detail(422);
        let seen: Vec<Value> = detail.as_array().unwrap().iter().map(|problem| json!([problem["loc"][1], problem["type"]])).collect();
        assert_eq!(json!(seen), json!([["field_event_id", "missing"], ["contact_id", "int_parsing"], ["participant_role", "enum"],
            ["release_status", "value_error"]]));
        let made = app.create(LIST, body(&event, &one));
        let path = format!("{LIST}/{}", made["id"]);
        for (field, model) in [("field_event_id", "FieldEvent"), ("contact_id", "Contact")] {
            for id in [4711, 99_999_999_999_i64] {
                let unknown = json!([{"type": "value_error", "loc": ["body", field], "msg": format!("{model} with ID {id} not found."),
                    "input": {field: id}}]);
                let mut sent = body(&event, &one);
                sent[field] = json!(id);
                assert_eq!(app.post(LIST, sent).detail(409), unknown);
                assert_eq!(app.patch(&path, json!({field: id})).detail(409), unknown);
            }
            assert_eq!(app.patch(&path, json!({field: null})).detail(422)[0]["type"], "int_type");
        }
        assert_eq!(app.get(LIST).expect(200)["total"], 1, "nothing was stored");
        assert_eq!(app.get(&format!("{LIST}/first")).detail(422)[0]["loc"], json!(["path", "field_event_participant_id"]));
    }

    fn participants_are_listed_by_visit(db: Database) {
        let app = with_things(db);
        let [event, _, _] = sampled(&app, 1, "groundwater level", "one");
        let [other, _, _] = sampled(&app, 1, "groundwater level", "two");
        let people: Vec<Value> = ["a", "b", "c"].iter().map(|name| contact(&app, 1, name)).collect();
        for (event, person, role) in [(&event, 2, "Visitor"), (&other, 0, "Lead"), (&event, 0, "Lead")] {
            let mut sent = body(event, &people[person]);
            sent["participant_role"] = json!(role);
            app.create(LIST, sent);
        }
        let names = |query: &str| -> Value {
            let page = app.get(&format!("{LIST}?{query}")).expect(200);
            page["items"].as_array().unwrap().iter().map(|item| item["participant"]["name"].clone()).collect()
        };
        assert_eq!(names(""), json!(["c", "a", "a"]));
        assert_eq!(names(&format!("field_event_id={event}")), json!(["c", "a"]));
        assert_eq!(names("field_event_id=4711"), json!([]));
        assert_eq!(names(&format!("field_event_id={event}&sort=participant_role")), json!(["a", "c"]));
        assert_eq!(names(&format!("{}&{}", filter("contact_id", "eq", people[0].clone()), filter("participant_role", "eq", json!("Lead")))),
            json!(["a", "a"]));
        let page = app.get(&format!("{LIST}?field_event_id={event}&size=1&page=2")).expect(200);
        assert_eq!(json!([page["total"], page["pages"], page["items"][0]["participant"]["name"]]), json!([2, 2, "a"]));
        let queries = |size| app.get(&format!("{LIST}?size={size}")).queries();
        assert_eq!(queries(1), queries(3), "however many participants");
        assert_eq!(app.get(&format!("{LIST}?field_event_id=x")).detail(422)[0]["loc"], json!(["query", "field_event_id"]));
        assert_eq!(app.get(&format!("{LIST}?{}", filter("colour", "eq", json!(1)))).detail(400),
            "Unknown filter field 'colour' for FieldEventParticipant");
    }

    fn a_participant_goes_with_its_visit_and_takes_its_samples(db: Database) {
        let app = with_things(db);
        let [event, activity, untaken] = sampled(&app, 1, "groundwater level", "one");
        let one = contact(&app, 1, "A. Miller");
        let participant = app.create(LIST, body(&event, &one))["id"].clone();
        let sample = app.create("/sample", json!({"field_activity_id": activity, "field_event_participant_id": participant,
            "sample_date": "2026-02-20T17:05:00Z", "sample_name": "taken", "sample_matrix": "groundwater",
            "sample_method": "Steel-tape measurement", "qc_type": "Normal"}));
        assert_eq!(sample["contact"]["name"], "A. Miller");
        let path = format!("/sample/{untaken}");
        assert_eq!(app.patch(&path, json!({"field_event_participant_id": participant})).expect(200)["contact"], sample["contact"]);
        assert_eq!(app.patch(&path, json!({"field_event_participant_id": null})).expect(200)["contact"], Value::Null);
        assert_eq!(app.delete(&format!("{LIST}/{participant}")).status, 204);
        assert_eq!(app.items("/sample", "sample_name"), ["one"]);
        let again = app.create(LIST, body(&event, &one))["id"].clone();
        assert_eq!(app.delete(&format!("/field-event/{event}")).status, 204);
        assert_eq!(app.get(&format!("{LIST}/{again}")).status, 404);
        assert_eq!(app.get(&format!("/contact/{one}")).status, 200);
    }
}
