use super::{body, contact};
use crate::field_event::with_things;
use crate::support::*;

/// Contacts of the wells SO-0001 and SO-0002 and of the spring Ojo Frio, and one of nothing.
fn some(app: &App) {
    for (thing, name) in [(1, "b"), (2, "A"), (3, "c"), (3, "d")] {
        contact(app, thing, name);
    }
    let many = app.items("/contact?sort=name", "id")[1].clone();
    app.patch(&format!("/contact/{many}"), json!({"thing_id": 3, "organization": "USGS"})).expect(200);
    app.db.execute("INSERT INTO contact (name, role, contact_type) VALUES ('e', 'Unknown', 'Primary')");
}

both! {
    fn contacts_are_listed_by_thing(db: Database) {
        let app = with_things(db);
        some(&app);
        let names = |query: &str| json!(app.items(&format!("/contact?{query}"), "name"));
        assert_eq!(names(""), json!(["b", "A", "c", "d", "e"]));
        assert_eq!(names("sort=name&order=DESC&size=2"), json!(["e", "d"]));
        assert_eq!(names("thing_id=3"), json!(["b", "c", "d"]));
        assert_eq!(names("thing_id=4711"), json!([]));
        assert_eq!(names("thing_id=99999999999"), json!([]));
        assert_eq!(names(&format!("thing_id=3&{}&{}", filter("name", "ne", json!("c")), filter("organization", "null", json!(0)))), json!(["d"]));
        let page = app.get("/contact?thing_id=3&size=1&page=2").expect(200);
        assert_eq!(json!([page["total"], page["pages"], page["items"][0]["name"]]), json!([3, 3, "c"]));
        let queries = |size| app.get(&format!("/contact?size={size}")).queries();
        assert_eq!(queries(1), queries(5), "however many contacts");
        assert_eq!(app.get("/contact?thing_id=x").detail(422)[0]["loc"], json!(["query", "thing_id"]));
        assert_eq!(app.get("/contact?sort=emails").detail(422)[0]["loc"], json!(["query", "sort"]));
    }

    fn contacts_are_found_by_the_names_of_their_things(db: Database) {
        let app = with_things(db);
        some(&app);
        let names = |query: &str| json!(app.items(&format!("/contact?{query}"), "name"));
        let by = |operator: &str, value: &str| names(&filter("things", operator, json!(value)));
        assert_eq!(by("eq", "Ojo Frio"), json!(["b", "c", "d"]));
        assert_eq!(by("eq", "ojo frio"), json!([]), "with regard to case");
        assert_eq!(by("ne", "Ojo Frio"), json!(["A", "e"]));
        assert_eq!(by("contains", "so-000"), json!(["b", "A"]));
        assert_eq!(by("ncontains", "so-000"), json!(["c", "d", "e"]));
        assert_eq!(by("startswith", "OJO"), json!(["b", "c", "d"]));
        assert_eq!(by("endswith", "2"), json!(["A"]));
        assert_eq!(by("null", ""), json!(["e"]));
        assert_eq!(by("nnull", ""), json!(["b", "A", "c", "d"]));
        assert_eq!(names(&format!("{}&{}", filter("things", "eq", json!("Ojo Frio")), filter("things", "contains", json!("0001")))), json!(["b"]));
        let refusal = |operator: &str, value: Value| app.get(&format!("/contact?{}", filter("things", operator, value))).detail(400);
        for (operator, value) in [("gt", json!("a")), ("in", json!(["a"]))] {
            assert_eq!(refusal(operator, value), format!("Operator '{operator}' is not supported for things filters \
                (contains, ncontains, eq, ne, startswith, endswith, null, nnull)"));
        }
        assert_eq!(app.get(&format!("/contact?{}", filter("colour", "eq", json!(1)))).detail(400), "Unknown filter field 'colour' for Contact");
        // By the smallest name, without regard to case; without things last.
        assert_eq!(names("sort=things"), json!(["b", "c", "d", "A", "e"]));
        assert_eq!(names("sort=things&order=desc"), json!(["A", "d", "c", "b", "e"]));
        assert_eq!(app.post("/contact", body(1, "f")).status, 201);
        assert_eq!(names("sort=things"), json!(["b", "c", "d", "f", "A", "e"]));
    }
}
