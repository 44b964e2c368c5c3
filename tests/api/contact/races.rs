use std::thread;

use super::contact;
use crate::field_event::with_things;
use crate::support::*;

/// Sends all requests at once; gives the answers in the order of the requests.
fn at_once(app: &App, requests: &[(&str, String, Value)]) -> Vec<Reply> {
    let client = &app.client;
    thread::scope(|scope| {
        let send = |(method, path, body): &(&str, String, Value)| {
            client.send(method, path, Some("application/json"), body.to_string().as_bytes())
        };
        let threads: Vec<_> = requests.iter().map(|request| scope.spawn(move || send(request))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

both! {
    fn of_equal_contacts_one_is_stored(db: Database) {
        let app = with_things(db);
        for round in 0..5 {
            let name = format!("A. Miller {round}");
            let body = json!({"thing_id": 1, "name": name, "organization": "USGS", "role": "Owner", "emails": [{"email": "a@example.org"}]});
            let requests = vec![("POST", "/contact".to_owned(), body); 4];
            let mut statuses: Vec<u16> = at_once(&app, &requests).iter().map(|reply| {
                // Whoever comes late is told so by the store or by the database.
                assert!(reply.status != 409 || reply.json()["detail"][0]["loc"] == json!(["body", "name"]), "{}", reply.text());
                reply.status
            }).collect();
            statuses.sort_unstable();
            assert_eq!(statuses, [201, 409, 409, 409]);
        }
        assert_eq!(app.db.number("SELECT count(*) FROM contact"), 5);
        assert_eq!(app.db.number("SELECT count(*) FROM email"), 5, "those of the refused are not stored either");
    }

    fn nothing_is_left_of_a_contact_that_was_removed_meanwhile(db: Database) {
        let app = with_things(db);
        for round in 0..10 {
            let id = contact(&app, 1, &format!("A. Miller {round}"));
            let email = json!({"contact_id": id, "email": "a@example.org"});
            let replies = at_once(&app, &[
                ("DELETE", format!("/contact/{id}"), json!({})), ("POST", "/contact/email".to_owned(), email.clone()),
                ("POST", "/contact/email".to_owned(), email), ("PATCH", format!("/contact/{id}"), json!({"thing_id": 2})),
            ]);
            let statuses: Vec<u16> = replies.iter().map(|reply| reply.status).collect();
            assert_eq!(statuses[0], 204, "{statuses:?}");
            assert!(statuses[1..3].iter().all(|status| [201, 409].contains(status)) && [200, 404].contains(&statuses[3]), "{statuses:?}");
        }
        let left = "SELECT (SELECT count(*) FROM email) + (SELECT count(*) FROM contact) + (SELECT count(*) FROM thing_contact_association)";
        assert_eq!(app.db.number(left), 0);
    }

    fn a_thing_is_added_once(db: Database) {
        let app = with_things(db);
        let path = format!("/contact/{}", contact(&app, 1, "A. Miller"));
        let replies = at_once(&app, &vec![("PATCH", path.clone(), json!({"thing_id": 2})); 4]);
        assert!(replies.iter().all(|reply| reply.status == 200));
        assert_eq!(app.get(&path).expect(200)["things"].as_array().unwrap().len(), 2);
        assert_eq!(app.db.number("SELECT count(*) FROM thing_contact_association"), 2);
    }
}
