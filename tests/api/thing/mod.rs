//! `/thing`

mod details;
mod geothermal_well;
mod history;
mod id_link;
mod lists;
mod read;
mod time_series;
mod well_screen;
mod write;

use crate::support::*;

pub fn location(app: &App, point: &str, elevation: f64) -> Value {
    app.create("/location", json!({"point": point, "elevation": elevation}))["id"].clone()
}

pub fn well(app: &App, name: &str) -> i64 {
    app.create("/thing/water-well", json!({"name": name}))["id"].as_i64().unwrap()
}

pub fn spring(app: &App, name: &str) -> i64 {
    app.create("/thing/spring", json!({"name": name}))["id"].as_i64().unwrap()
}

pub fn names(app: &App, path: &str) -> Value {
    json!(app.items(path, "name"))
}

pub fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

pub fn status(app: &App, thing: i64, kind: &str, value: &str, start: &str, end: Option<&str>) {
    let end = end.map_or("NULL".to_owned(), |end| format!("'{end}'"));
    app.db.execute(&format!(
        "INSERT INTO status_history (status_type, status_value, start_date, end_date, target_id, target_table) \
         VALUES ('{kind}', '{value}', '{start}', {end}, {thing}, 'thing')"
    ));
}

pub fn contact(app: &App, name: &str, things: &[i64]) -> i64 {
    app.db.execute(&format!("INSERT INTO contact (name, role, contact_type) VALUES ('{name}', 'Owner', 'Primary')"));
    let id = app.db.number("SELECT max(id) FROM contact");
    for thing in things {
        app.db.execute(&format!("INSERT INTO thing_contact_association (thing_id, contact_id) VALUES ({thing}, {id})"));
    }
    id
}
