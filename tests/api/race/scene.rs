//! What a round of requests is about: rows that nobody else touches, made when a request first names them.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::support::planted::{self, SERIES};
use crate::support::*;

/// What all scenes use and none of them changes.
#[derive(Clone, Copy)]
pub struct Props {
    pub sensor: i64,
    pub parameter: i64,
    pub contact: i64,
}

/// Rows of one round, by the name that paths have for them.
pub struct Scene<'c> {
    client: &'c Client,
    parent: &'static str,
    tag: String,
    props: Props,
    made: RefCell<BTreeMap<&'static str, i64>>,
    counted: Cell<u32>,
}

const NAMES: &[&str] = &[
    "asset_id",
    "api_key_id",
    "contact_id",
    "email_id",
    "phone_id",
    "address_id",
    "field_event_participant_id",
    "grant_id",
    "destination_id",
    "consent_id",
    "publication_id",
    "author_id",
    "geochronology_age_id",
    "thing_id",
    "spring_id",
    "location_id",
    "group_id",
    "other_group_id",
    "sensor_id",
    "parameter_id",
    "status_history_id",
    "measuring_point_history_id",
    "monitoring_frequency_history_id",
    "well_screen_id",
    "link_id",
    "deployment_id",
    "field_event_id",
    "field_activity_id",
    "sample_id",
    "chemistry_sample_id",
    "observation_id",
    "chemistry_id",
    "block_id",
    "aquifer_system_id",
    "geologic_formation_id",
    "thing_aquifer_association_id",
    "aquifer_type_id",
    "thing_geologic_formation_association_id",
    "analysis_method_id",
    "regulatory_limit_id",
    "data_provenance_id",
    "permission_history_id",
    "well_data_id",
    "term_id",
    "category_id",
    "triple_id",
];

impl<'c> Scene<'c> {
    pub fn new(client: &'c Client, parent: &'static str, tag: String, props: Props) -> Self {
        Self { client, parent, tag, props, made: RefCell::default(), counted: Cell::new(0) }
    }

    /// A name that is the same in the whole scene and in no other.
    pub fn name(&self, what: &str) -> String {
        format!("{} {what}", self.tag)
    }

    /// The text of a word of the vocabulary that the scene has: of its term, its category, its parameter.
    pub fn word(&self, what: &str) -> String {
        self.id(what);
        self.name(what)
    }

    /// Somebody who allows things.
    pub fn contact(&self) -> i64 {
        self.props.contact
    }

    /// What the destination of the scene is called in paths.
    pub fn slug(&self) -> String {
        self.tag.replace(' ', "-")
    }

    /// 1, 2, 3, ...
    pub fn next(&self) -> u32 {
        self.counted.set(self.counted.get() + 1);
        self.counted.get()
    }

    /// What has been made, for messages.
    pub fn made(&self) -> BTreeMap<&'static str, i64> {
        self.made.borrow().clone()
    }

    /// The id of a row, which is made when it is first asked for.
    pub fn id(&self, name: &str) -> i64 {
        if name == "reading_id" {
            self.id("block_id");
            let readings = self.client.get(&format!("{SERIES}?thing_id={}&size=1", self.id("thing_id"))).expect(200);
            return readings["items"][0]["observation"]["id"].as_i64().unwrap_or(987_654);
        }
        if let Some(id) = self.made.borrow().get(name) {
            return *id;
        }
        let name = NAMES.iter().copied().find(|known| *known == name).unwrap_or_else(|| panic!("what is {name}?"));
        let id = self.make(name);
        self.made.borrow_mut().insert(name, id);
        id
    }

    fn post(&self, path: &str, body: Value) -> i64 {
        self.client.create(path, body)["id"].as_i64().unwrap()
    }

    /// The newest row of a list of the thing.
    fn of_thing(&self, what: &str) -> i64 {
        let path = format!("/thing/{}/{what}?sort=id&order=desc&size=1", self.id("thing_id"));
        self.client.get(&path).expect(200)["items"][0]["id"].as_i64().unwrap()
    }

    fn activity(&self, kind: &str) -> i64 {
        planted::activity(self.client, &self.tag, self.id("field_event_id"), kind)
    }

    fn make(&self, name: &str) -> i64 {
        let (client, tag) = (self.client, self.tag.as_str());
        let at = |parent: &str, name: &str| (self.parent == parent).then(|| self.id(name));
        match name {
            "thing_id" => self.post("/thing/water-well", json!({
                "name": tag, "location_id": at("location", "location_id"), "group_id": at("group", "group_id"),
                "well_purposes": ["Domestic"], "well_casing_materials": ["Steel"], "measuring_point_height": 9,
                "well_status": "Abandoned", "notes": [{"note_type": "Access", "content": tag}],
                "monitoring_frequencies": [{"monitoring_frequency": "Annual", "start_date": "2020-01-01"}],
                "alternate_ids": [{"relation": "same_as", "alternate_id": tag, "alternate_organization": "NMBGMR"}]})),
            "spring_id" => self.post("/thing/spring", json!({"name": tag, "notes": [{"note_type": "Access", "content": tag}]})),
            "asset_id" => self.post("/asset", json!({"name": tag, "storage_path": self.name(name), "mime_type": "text/plain",
                "size": 1, "uri": tag, "thing_id": self.id("thing_id")})),
            "api_key_id" => self.post("/api_key", json!({"name": tag})),
            "contact_id" => self.post("/contact", json!({"thing_id": self.id("thing_id"), "name": tag, "role": "Owner",
                "notes": [{"note_type": "General", "content": tag}]})),
            "email_id" => self.post("/contact/email", json!({"contact_id": self.id("contact_id"), "email": "one@example.org"})),
            "phone_id" => self.post("/contact/phone", json!({"contact_id": self.id("contact_id"), "phone_number": "505-555-0199"})),
            "address_id" => self.post("/contact/address", json!({"contact_id": self.id("contact_id"), "address_line_1": tag})),
            "field_event_participant_id" => planted::participant(client, self.id("field_event_id"), self.id("contact_id")),
            "grant_id" => self.post("/access/grant", json!({"principal_type": "user", "principal_id": tag, "capability": "view",
                "scope_type": "all", "data_type": "all"})),
            "destination_id" => self.post("/access/destination", json!({"slug": self.slug(), "name": tag, "destination_kind": "document"})),
            "consent_id" => {
                self.id("destination_id");
                self.post("/access/consent", json!({"thing_id": self.id("thing_id"), "destination_slug": self.slug(), "data_type": "site"}))
            }
            "publication_id" => self.post("/publication/add", json!({"title": tag, "authors": [self.name("author")], "year": 2024,
                "publication_type": "Map"})),
            "author_id" => {
                let publication = client.get(&format!("/publication/{}", self.id("publication_id"))).expect(200);
                publication["authors"][0]["id"].as_i64().unwrap()
            }
            "geochronology_age_id" => planted::age(client, self.id("location_id")),
            "location_id" => planted::location(client, tag),
            "group_id" | "other_group_id" => planted::group(client, &self.name(name)),
            "sensor_id" if self.parent == "sensor" => planted::sensor(client, tag),
            "sensor_id" => self.props.sensor,
            "parameter_id" if self.parent == "parameter" => {
                let word = self.name(name);
                self.post("/lexicon/term", json!({"term": word, "definition": "d", "categories": ["parameter_name"]}));
                planted::parameter(client, &word)
            }
            "parameter_id" => self.props.parameter,
            "status_history_id" => self.of_thing("status-history"),
            "measuring_point_history_id" => self.of_thing("measuring-point-history"),
            "monitoring_frequency_history_id" => self.of_thing("monitoring-frequency-history"),
            "link_id" => self.of_thing("id-link"),
            "well_screen_id" => self.post("/thing/well-screen", json!({"thing_id": self.id("thing_id"), "screen_type": "PVC"})),
            "deployment_id" => planted::deployment(client, tag, self.id("thing_id"), self.id("sensor_id")),
            "field_event_id" => planted::event(client, tag, self.id("thing_id")),
            "field_activity_id" => self.activity("groundwater level"),
            "sample_id" => planted::sample(client, tag, self.id("field_activity_id")),
            "chemistry_sample_id" => planted::sample(client, tag, self.activity("water chemistry")),
            "observation_id" => planted::level(client, self.id("sample_id"), self.id("parameter_id"), self.id("sensor_id")),
            "chemistry_id" => self.post("/observation/water-chemistry", json!({"parameter_id": self.id("parameter_id"),
                "sample_id": self.id("chemistry_sample_id"), "sensor_id": self.id("sensor_id"), "observation_datetime": "2026-02-20T17:05:00Z", "value": 7, "unit": "ft"})),
            "block_id" => {
                planted::block(client, tag, self.id("thing_id"), self.id("parameter_id"), self.id("deployment_id"), 1..=5)
            }
            "aquifer_system_id" => self.post("/aquifer-system", json!({"name": self.name(name), "primary_aquifer_type": "Fractured", "geographic_scale": "Regional"})),
            "geologic_formation_id" => self.post("/geologic-formation", json!({"description": tag})),
            "thing_aquifer_association_id" => self.post("/thing-aquifer-association", json!({"thing_id": self.id("thing_id"),
                "aquifer_system_id": self.id("aquifer_system_id"), "aquifer_types": ["Fractured"]})),
            "aquifer_type_id" => self.post("/aquifer-type", json!({"thing_aquifer_association_id": self.id("thing_aquifer_association_id"), "aquifer_type": "Artesian"})),
            "thing_geologic_formation_association_id" => self.post("/thing-geologic-formation-association", json!({"thing_id": self.id("thing_id"),
                "geologic_formation_id": self.id("geologic_formation_id"), "top_depth": 1, "bottom_depth": 2})),
            "analysis_method_id" => self.post("/analysis-method", json!({"analysis_method_name": tag})),
            "regulatory_limit_id" => self.post("/regulatory_limit", json!({"parameter_id": self.id("parameter_id"), "limit_source": "EPA", "limit_value": 5, "limit_unit": "mg/L"})),
            "data_provenance_id" => self.post("/data-provenance", json!({"target_table": "thing", "target_id": self.id("thing_id"), "field_name": "well_depth"})),
            "permission_history_id" => self.post("/permission-history", json!({"contact_id": self.contact(), "permission_type": "Water Level Sample",
                "start_date": "2020-01-01", "target_table": "thing", "target_id": self.id("thing_id")})),
            "well_data_id" => {
                planted::geothermal_well(client, tag, self.id("thing_id"));
                self.id("thing_id")
            }
            "term_id" => self.post("/lexicon/term", json!({"term": self.name(name), "definition": "d", "categories": ["release_status"]})),
            "category_id" => self.post("/lexicon/category", json!({"name": self.name(name)})),
            "triple_id" => {
                let word = |text: String| json!({"term": text, "definition": "d", "categories": []});
                self.post("/lexicon/triple", json!({"subject": word(self.word("term_id")), "predicate": "p", "object_": word(self.name("object"))}))
            }
            other => panic!("how is {other} made?"),
        }
    }
}
