//! Whether a record is public: its release status and, for `embargoed`, the day from which on it is.

use chrono::NaiveDate;

use crate::domain::request::fields as read;
use crate::domain::request::form::{Form, Patch};
use crate::domain::{EMBARGOED, draft};

/// What is said of an embargo without an end.
pub const NEEDS_DAY: &str = "The release_status embargoed needs release_at, the day from which on the record is public";
const OTHERS_HAVE_NONE: &str = "release_at is for the release_status embargoed only";

impl Form<'_> {
    /// `release_status` and `release_at` of a new record.
    pub fn release(&mut self) -> (Option<String>, Option<Option<NaiveDate>>) {
        let status = self.or("release_status", draft(), read::release_status);
        let day = self.optional("release_at", read::date);
        match (&status, &day) {
            (Some(status), Some(None)) if status == EMBARGOED => self.refuse_at("release_at", NEEDS_DAY),
            (Some(status), Some(Some(_))) if status != EMBARGOED => self.refuse_at("release_at", OTHERS_HAVE_NONE),
            _ => {}
        }
        (status, day)
    }

    /// The same of a change. Another status than `embargoed` needs no word about the day: it is cleared. What is only known with
    /// the stored row is left to the database.
    pub fn release_change(&mut self) -> (Option<Patch<String>>, Option<Patch<NaiveDate>>) {
        let status = self.patch("release_status", read::release_status);
        let day = self.patch("release_at", read::date);
        let embargoed = match &status {
            None | Some(Patch::Absent) => return (status, day),
            Some(Patch::Null) => false,
            Some(Patch::Value(status)) => status == EMBARGOED,
        };
        match &day {
            Some(Patch::Null) if embargoed => self.refuse_at("release_at", NEEDS_DAY),
            Some(Patch::Value(_)) if !embargoed => self.refuse_at("release_at", OTHERS_HAVE_NONE),
            Some(Patch::Absent) if !embargoed => return (status, Some(Patch::Null)),
            _ => {}
        }
        (status, day)
    }
}
