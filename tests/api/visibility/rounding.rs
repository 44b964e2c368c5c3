//! Who is shown rounded coordinates cannot find out the exact ones. Two databases differ in nothing but where exactly their places are:
//! whatever is asked, the answers are the same.

use ocotillo::api::OPENABLE;

use super::canary::{Answer, crawl, requests};
use super::plant::{Seen, at_the_same_time, seen};
use crate::support::planted;
use crate::support::principals::{ByName, EVERYTHING};
use crate::support::*;

/// A server that rounds to two decimals, with three places and a well at each; `shift` moves them, but not across what is rounded.
fn start(db: Database, shift: f64) -> (App, Seen) {
    let app = db.start_asking(
        |config| {
            config.auth.anonymous = OPENABLE.iter().map(|family| (*family).to_owned()).collect();
            config.auth.anonymous_decimals = Some(2);
        },
        ByName,
    );
    let client = app.client.on_behalf_of(EVERYTHING);
    for tag in ["NEAR", "NEARER"] {
        let location = planted::location(&client, tag);
        planted::well(&client, tag, Some(location), None);
    }
    let seen = seen(&app);
    app.db.execute(&format!(
        "UPDATE location SET longitude = -106.9 + {shift} * id, latitude = 34.1 - {shift} * id / 2, \
         nma_notes_location = '{shift} degrees east', nma_coordinate_notes = '{shift}'"
    ));
    at_the_same_time(&app.db);
    (app, seen)
}

/// Questions that cut between the two places of each location.
fn cuts() -> Vec<String> {
    let mut cuts = Vec::new();
    for step in -8..=8 {
        let (east, north) = (-106.9 + 0.0005 * f64::from(step), 34.1 + 0.0005 * f64::from(step));
        let area = format!("POLYGON ((-107 34, {east} 34, {east} 35, -107 35, -107 34))");
        let places = [
            format!("bbox=-107,34,{east},35"),
            format!("bbox=-107,34,-106,{north}"),
            format!("within={}", encode(&area)),
            format!("nearby_point={}&nearby_distance_km=0.1", encode(&format!("POINT ({east} {north})"))),
        ];
        for list in
            ["/location", "/thing", "/thing/water-well", "/geospatial", "/sample", "/observation/groundwater-level"]
        {
            cuts.extend(places.iter().map(|place| format!("{list}?{place}")));
        }
        cuts.extend(places.iter().map(|place| format!("/geospatial?format=shapefile&{place}")));
        cuts.push(format!("/location?{}", filter("longitude", "gt", json!(east))));
        cuts.push(format!("/location?{}", filter("latitude", "lte", json!(north))));
        cuts.push(format!("/location?query={}", encode(&format!("longitude gt {east}"))));
    }
    for column in ["longitude", "latitude", "nma_notes_location", "nma_coordinate_notes"] {
        cuts.extend(["asc", "desc"].map(|order| format!("/location?sort={column}&order={order}")));
        // The cursor of the next page has the key of a row in it.
        cuts.extend(["asc", "desc"].map(|order| format!("/location?size=1&count=false&sort={column}&order={order}")));
        cuts.push(format!("/location?{}", filter(column, "nnull", json!(0))));
    }
    cuts
}

both! {
    fn the_exact_place_is_in_no_answer(db: Database) {
        let (other, _) = start(Database::of(db.kind), -0.0011);
        let (app, seen) = start(db, 0.0007);
        let mut asked = cuts();
        asked.extend(requests(&app, &seen));
        let differ = |client: &dyn Fn(&App) -> Client| -> Vec<String> {
            let (here, there) = (crawl(&client(&app), &asked), crawl(&client(&other), &asked));
            let both = asked.iter().zip(here.iter().zip(&there));
            both.filter(|(_, (here, there))| here != there).map(|(path, (here, there))| format!("{path}\n    {}", Answer::difference(here, there))).collect()
        };
        let noticed = differ(&|app| app.client.clone());
        assert!(noticed.is_empty(), "{} of {}:\n{}", noticed.len(), asked.len(), noticed[..noticed.len().min(8)].join("\n"));
        let exact = differ(&|app| app.client.on_behalf_of("viewer"));
        assert!(exact.len() > 100, "{} of {}", exact.len(), asked.len());
    }

    fn places_are_found_where_they_are_shown(db: Database) {
        let (app, seen) = start(db, 0.0007);
        let location = app.get(&format!("/location/{}", seen.family.location)).expect(200);
        assert_eq!((&location["point"], &location["nma_location_notes"]), (&json!("POINT (-106.9 34.1)"), &Value::Null));
        let place = app.get(&format!("/thing/{}", seen.family.well)).expect(200)["current_location"].clone();
        assert_eq!(place["geometry"]["coordinates"], json!([-106.9, 34.1, 1400.5]));
        let exactly = app.client.on_behalf_of("viewer").get(&format!("/thing/{}", seen.family.well)).expect(200);
        assert_ne!(exactly["current_location"]["properties"]["utm_coordinates"], place["properties"]["utm_coordinates"]);
        assert_eq!(app.get("/geospatial?thing_type=spring").expect(200)["features"][0]["geometry"]["coordinates"], json!([-106.9, 34.1, 1400.5]));
        for there in [
            "bbox=-106.9,34.1,-106.9,34.1".to_owned(),
            format!("within={}", encode("POLYGON ((-106.9001 34.0999, -106.8999 34.0999, -106.8999 34.1001, -106.9001 34.1001, -106.9001 34.0999))")),
            format!("nearby_point={}&nearby_distance_km=0.001", encode("POINT (-106.9 34.1)")),
            filter("longitude", "eq", json!(-106.9)),
        ] {
            assert_eq!(app.get(&format!("/location?{there}")).expect(200)["total"], 3, "{there}");
            assert_eq!(app.client.on_behalf_of("viewer").get(&format!("/location?{there}")).expect(200)["total"], 0, "{there}");
        }
    }
}
