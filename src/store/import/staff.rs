//! Who measures for the survey, by name.

use std::collections::{BTreeSet, HashMap};

use crate::db::prelude::*;
use crate::db::schema::contact;
use crate::db::{WriteSession, one_of_texts};
use crate::domain::draft;
use crate::store::StoreError;
use crate::store::contact::{NewContact, TABLE};
use crate::store::import::ids;

/// The survey itself.
const SURVEY: &str = "NMBGMR";

/// The contacts of these names, by name. Those that the survey does not have are stored, as the contact for no thing. Whatever type of
/// contact somebody is: no two of one organization have the same name.
pub fn named(session: &mut WriteSession<'_>, names: &[String]) -> Result<HashMap<String, i32>, StoreError> {
    let names: Vec<String> = BTreeSet::from_iter(names).into_iter().cloned().collect();
    let known = contact::table
        .filter(one_of_texts(contact::name, &names))
        .filter(contact::organization.eq(SURVEY))
        .select((contact::name.assume_not_null(), contact::id))
        .load::<(String, i32)>(session)?;
    let mut known = HashMap::from_iter(known);
    let missing: Vec<String> = names.into_iter().filter(|name| !known.contains_key(name)).collect();
    let by = session.principal();
    let row = |(name, id): (String, i32)| NewContact {
        id,
        release_status: draft(),
        release_at: None,
        created_by_id: by.id.clone(),
        created_by_name: by.name.clone(),
        name: Some(name),
        organization: Some(SURVEY.to_owned()),
        role: "Technician".to_owned(),
        contact_type: "Field Event Participant".to_owned(),
        nma_pk_owners: None,
    };
    let ids = session.read(ids(TABLE, missing.len()))?;
    let new: Vec<NewContact> = missing.into_iter().zip(ids).map(row).collect();
    session.insert(&[&new])?;
    known.extend(new.into_iter().filter_map(|row| Some((row.name?, row.id))));
    Ok(known)
}
