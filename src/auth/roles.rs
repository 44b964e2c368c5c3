//! From the groups of a token to roles.

use std::collections::HashMap;

use serde_json::Value;

use crate::config::Roles;
use crate::domain::principal::{Grants, Role};

/// Which groups give which roles.
pub struct Groups(HashMap<String, Vec<Role>>);

impl Groups {
    /// As configured.
    pub fn new(roles: &Roles) -> Self {
        let mut groups: HashMap<String, Vec<Role>> = HashMap::new();
        for (role, _, names) in roles.all() {
            for name in names {
                groups.entry(name.clone()).or_default().push(role);
            }
        }
        Self(groups)
    }

    /// What the `groups` of a token give: a list of names, or one name. Whatever else is there gives nothing.
    pub fn grants(&self, claim: Option<&Value>) -> Grants {
        let names = match claim {
            Some(Value::Array(names)) => names.as_slice(),
            Some(name) => std::slice::from_ref(name),
            None => &[],
        };
        let mut held = Vec::new();
        for role in names.iter().filter_map(|name| self.0.get(name.as_str()?)).flatten() {
            if !held.contains(role) {
                held.push(*role);
            }
        }
        Grants::Some(held)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn groups_give_roles() {
        let groups = Groups::new(&Roles { editor: vec!["Editor".into(), "AMP.Editor".into()], ..Roles::default() });
        let grants = |claim: Value| groups.grants(Some(&claim));
        assert_eq!(grants(json!(["AMP.Viewer"])), Grants::Some(vec![Role::Viewer, Role::AmpViewer]));
        assert_eq!(grants(json!("AMP.Editor")), Grants::Some(vec![Role::Editor, Role::AmpEditor]));
        assert_eq!(grants(json!(["Editor", 7, null, "Editor", "x"])), Grants::Some(vec![Role::Editor]));
        for nothing in
            [json!([]), json!(null), json!(7), json!({"AMP.Admin": true}), json!("amp.admin"), json!([["AMP.Admin"]])]
        {
            assert_eq!(grants(nothing.clone()), Grants::Some(Vec::new()), "{nothing}");
        }
        assert_eq!(groups.grants(None), Grants::Some(Vec::new()));
    }
}
