//! Whether somebody may do something, and by which rules.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::access::{ALL, CONTACT, SITE};
use crate::domain::principal::{Grants, Role};

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Who; `None` for whoever asks.
    pub somebody: Option<Somebody>,
    /// What he wants to do: one of [`crate::domain::access::CAPABILITIES`].
    pub capability: &'static str,
    /// With data of which type: one of [`crate::domain::access::DATA_TYPES`].
    pub data_type: &'static str,
    /// Of which thing; `None` for all of them.
    pub thing_id: Option<i32>,
    /// When.
    pub on: NaiveDate,
    /// Anybody may read public data of that type.
    pub is_open: bool,
}

/// A principal that is asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Somebody {
    /// One of [`crate::domain::access::PRINCIPAL_TYPES`].
    pub principal_type: &'static str,
    /// The `sub` of a user, the name of a group.
    pub principal_id: String,
    /// The groups of the identity provider that he is in.
    pub groups: Vec<String>,
    /// What these give him.
    pub grants: Grants,
}

/// A decision as clients see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Decision {
    /// `user` or `group`.
    pub principal_type: &'static str,
    /// The `sub` of a user, the name of a group; null when nobody proved who he is.
    pub principal_id: Option<String>,
    /// `view`, `edit` or `administer`.
    pub capability: &'static str,
    /// `all`, `site`, `water_level`, `water_chemistry` or `contact`.
    pub data_type: &'static str,
    /// The thing; null for all things.
    pub thing_id: Option<i32>,
    /// The day.
    #[schema(value_type = String, format = Date)]
    pub on: NaiveDate,
    /// What the service does: roles and release statuses alone decide.
    pub allowed: bool,
    /// What the grants on record say. The service does not act by them.
    pub granted: bool,
    /// Each rule that was looked at, and what it says.
    pub reasons: Vec<Reason>,
}

/// A rule of a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Reason {
    /// `role`, `release_status` or `grant`.
    pub source: &'static str,
    /// Whether it allows what was asked.
    pub allows: bool,
    /// The rule in words.
    pub text: String,
    /// Key of the grant.
    pub grant_id: Option<i32>,
}

impl Question {
    /// The roles that are needed, all of them.
    fn roles(&self) -> Vec<Role> {
        let [general, amp] = match self.capability {
            "view" => [Role::Viewer, Role::AmpViewer],
            "edit" => [Role::Editor, Role::AmpEditor],
            _ => [Role::Admin, Role::AmpAdmin],
        };
        match self.data_type {
            ALL => vec![general, amp],
            SITE => vec![general],
            _ => vec![amp],
        }
    }

    /// What the role of somebody says.
    fn by_role(&self, grants: &Grants) -> Reason {
        let needed = self.roles();
        let names: Vec<String> = needed.iter().map(|role| format!("{role:?}")).collect();
        let allows = needed.iter().all(|role| grants.include(*role));
        let held = if allows { "held" } else { "not held" };
        let text = format!("needs the role {}, which is {held}", names.join(" and "));
        Reason { source: "role", allows, text, grant_id: None }
    }

    /// What the release status of the thing says; nothing where it plays no part.
    fn by_status(&self, is_public: bool) -> Option<Reason> {
        if self.thing_id.is_none() || self.capability != "view" || [ALL, CONTACT].contains(&self.data_type) {
            return None;
        }
        let text = match (self.is_open, is_public) {
            (false, _) => "anybody may read public data of this type: not on this server",
            (true, false) => "anybody may read public data of this type: the thing is not public",
            (true, true) => "anybody may read public data of this type: the thing is public; each record must be, too",
        };
        Some(Reason {
            source: "release_status",
            allows: self.is_open && is_public,
            text: text.to_owned(),
            grant_id: None,
        })
    }

    /// Puts the rules together. `granted` are the grants in force that cover what is asked, each in words.
    pub fn decide(self, asker: &Somebody, is_public: bool, granted: Vec<(i32, String)>) -> Decision {
        let rules = [Some(self.by_role(&asker.grants)), self.by_status(is_public)];
        let mut reasons: Vec<Reason> = rules.into_iter().flatten().collect();
        let allowed = reasons.iter().any(|reason| reason.allows);
        let of_grant = |(id, text)| Reason { source: "grant", allows: true, text, grant_id: Some(id) };
        let is_granted = !granted.is_empty();
        reasons.extend(granted.into_iter().map(of_grant));
        Decision {
            principal_type: asker.principal_type,
            principal_id: Some(asker.principal_id.clone()).filter(|id| !id.is_empty()),
            capability: self.capability,
            data_type: self.data_type,
            thing_id: self.thing_id,
            on: self.on,
            allowed,
            granted: is_granted,
            reasons,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(capability: &'static str, data_type: &'static str) -> Question {
        let on = NaiveDate::default();
        Question { somebody: None, capability, data_type, thing_id: Some(1), on, is_open: true }
    }

    fn held(roles: &[Role]) -> Somebody {
        let grants = Grants::Some(roles.to_vec());
        Somebody { principal_type: "user", principal_id: "x".to_owned(), groups: Vec::new(), grants }
    }

    #[test]
    fn roles_and_public_things_allow_and_grants_do_not() {
        let allowed = |question: Question, roles: &[Role], is_public: bool| {
            question.decide(&held(roles), is_public, Vec::new()).allowed
        };
        assert!(allowed(question("view", "site"), &[Role::Editor], false));
        assert!(!allowed(question("view", "water_level"), &[Role::Editor], false));
        assert!(allowed(question("edit", "water_level"), &[Role::AmpAdmin], false));
        assert!(!allowed(question("administer", "all"), &[Role::Admin, Role::AmpEditor], true));
        assert!(allowed(question("view", "site"), &[], true) && !allowed(question("view", "contact"), &[], true));
        assert!(!allowed(question("edit", "site"), &[], true));
        let closed = Question { is_open: false, ..question("view", "site") };
        assert!(!allowed(closed, &[], true));
        let granted = question("edit", "site").decide(&held(&[]), false, vec![(7, "because".to_owned())]);
        assert_eq!((granted.allowed, granted.granted), (false, true));
        assert_eq!(granted.reasons.last().and_then(|reason| reason.grant_id), Some(7));
    }
}
