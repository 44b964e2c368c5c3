//! Routes that the configuration opens to anybody: reads of what is public.
//!
//! Only what is listed here can be opened. A new family of routes is closed until somebody has looked whether all that it shows follows
//! the rules of visibility, and routes about people, consent and changes stay closed whatever family they are in.

use std::sync::Arc;

use actix_web::http::Method;

use crate::api::http::routes::{Access, RouteTable};
use crate::domain::measure::decimals::Decimals;
use crate::domain::principal::{Principal, Role};

/// The first words of the paths that can be opened.
pub const OPENABLE: &[&str] = &[
    "analysis-method",
    "aquifer-system",
    "aquifer-type",
    "deployment",
    "field-activity",
    "field-event",
    "geochronology",
    "geologic-formation",
    "geospatial",
    "group",
    "lexicon",
    "location",
    "observation",
    "parameter",
    "regulatory_limit",
    "sample",
    "search",
    "sensor",
    "thing",
    "thing-aquifer-association",
    "thing-geologic-formation-association",
];

/// Paths that show more than their own family: they are open when all of these are, or when they are named themselves.
const SHOWING: [(&str, &[&str]); 4] = [
    ("/thing/{thing_id}/deployment", &["thing", "deployment", "sensor"]),
    (
        "/thing/{thing_id}/time-series",
        &["thing", "deployment", "sensor", "field-event", "field-activity", "sample", "observation", "parameter"],
    ),
    (
        "/thing/water-well/{thing_id}/details",
        &["thing", "deployment", "sensor", "field-event", "field-activity", "sample", "observation"],
    ),
    ("/thing/water-well/{thing_id}/export", &["thing", "deployment", "sensor"]),
];

/// Words of paths that can never be opened.
const NEVER: [&str; 10] = [
    "access",
    "api_key",
    "contact",
    "contacts",
    "field-event-participant",
    "history",
    "permission",
    "permission-history",
    "permissions",
    "participant",
];

/// Why something cannot be opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CannotOpen {
    /// Neither a family nor a path that reads.
    #[error("'{0}' is no family of routes that can be opened ({families}), nor the path of one that reads", families = OPENABLE.join(", "))]
    Unknown(String),
    /// It shows what is never public.
    #[error("'{0}' shows what is never public")]
    Never(String),
}

/// What an opened route is to its callers.
#[derive(Clone, Debug)]
pub struct Opened {
    anybody: Arc<Principal>,
    decimals: Option<Decimals>,
}

impl Opened {
    /// Who does not say who he is.
    pub fn anybody(&self) -> Arc<Principal> {
        Arc::clone(&self.anybody)
    }

    /// Somebody who is known, but does not hold the route's role.
    pub fn to(&self, somebody: &Principal) -> Arc<Principal> {
        Arc::new(somebody.as_anybody(self.decimals))
    }
}

impl RouteTable {
    /// Opens families of routes, or single paths.
    pub fn open(&mut self, names: &[String], decimals: Option<Decimals>) -> Result<(), CannotOpen> {
        let opened = Opened { anybody: Arc::new(Principal::anonymous(decimals)), decimals };
        for name in names {
            let name = name.trim();
            if name.split('/').any(is_never) {
                return Err(CannotOpen::Never(name.to_owned()));
            }
            let is_open = |family: &&str| names.iter().any(|name| name.trim() == *family);
            let wanted = |path: &str| match SHOWING.iter().find(|(known, _)| *known == path) {
                _ if name.starts_with('/') => path == name,
                Some((_, families)) => families.iter().all(is_open),
                None => family(path) == name,
            };
            let opens = |path: &str, method: &Method, access: Access| wanted(path) && can_open(path, method, access);
            if !self.all().any(|(path, method, access)| opens(path, method, access)) {
                return Err(CannotOpen::Unknown(name.to_owned()));
            }
            self.open_where(&opened, opens);
        }
        Ok(())
    }
}

/// The first word of a path.
fn family(path: &str) -> &str {
    path.split('/').nth(1).unwrap_or_default()
}

fn is_never(word: &str) -> bool {
    NEVER.contains(&word)
}

/// True for reads of a family that can be opened, and of nothing that cannot.
fn can_open(path: &str, method: &Method, access: Access) -> bool {
    *method == Method::GET
        && matches!(access, Access::Role(Role::Viewer | Role::AmpViewer))
        && OPENABLE.contains(&family(path))
        && !path.split('/').any(is_never)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn table() -> RouteTable {
        let mut routes = crate::api::routes(|_| {});
        let access = Access::Role(Role::Viewer);
        for path in ["/contact", "/thing/{thing_id}/contact", "/history/{resource}/{id}", "/new-family"] {
            routes.undocumented(access, Method::GET, path, actix_web::web::route());
        }
        routes.table()
    }

    fn opened(names: &[&str]) -> Result<Vec<String>, CannotOpen> {
        let mut table = table();
        table.open(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>(), None)?;
        let all: Vec<(String, Method)> =
            table.all().map(|(path, method, _)| (path.to_owned(), method.clone())).collect();
        let is_open = |path: &str, method: &Method| table.find(path).unwrap().opened(method).is_some();
        Ok(all
            .into_iter()
            .filter(|(path, method)| is_open(path, method))
            .map(|(path, method)| format!("{method} {path}"))
            .collect())
    }

    #[test]
    fn families_and_single_paths_are_opened_for_reading() {
        assert_eq!(opened(&[]), Ok(Vec::new()));
        assert_eq!(opened(&["/geospatial"]), Ok(vec!["GET /geospatial".to_owned()]));
        let things = opened(&["thing", "/geospatial"]).unwrap();
        assert!(
            things.len() > 10
                && things.iter().all(|route| route.starts_with("GET /thing") || route == "GET /geospatial")
        );
        assert!(!things.contains(&"GET /thing/{thing_id}/contact".to_owned()));
    }

    #[test]
    fn what_shows_several_families_is_open_with_all_of_them() {
        let details = "GET /thing/water-well/{thing_id}/details".to_owned();
        let export = "GET /thing/water-well/{thing_id}/export".to_owned();
        let things = opened(&["thing"]).unwrap();
        assert!(!things.contains(&details) && !things.contains(&export));
        let more = opened(&["deployment", "thing", "sensor"]).unwrap();
        assert!(!more.contains(&details) && more.contains(&export));
        assert!(opened(OPENABLE).unwrap().contains(&details));
        assert_eq!(opened(&["/thing/water-well/{thing_id}/details"]), Ok(vec![details]));
    }

    #[test]
    fn what_is_never_public_and_what_is_unknown_stays_closed() {
        for name in
            ["contact", "/contact", "field-event-participant", "history", "/thing/{thing_id}/contact", "api_key"]
        {
            assert_eq!(opened(&[name]), Err(CannotOpen::Never(name.to_owned())), "{name}");
        }
        for name in ["", "things", "new-family", "/new-family", "/thing/7", "/health", "openapi.json"] {
            assert_eq!(opened(&["thing", name]), Err(CannotOpen::Unknown(name.to_owned())), "{name}");
        }
    }
}
