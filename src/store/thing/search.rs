//! Which things a list is about: type, name, text, place.

use crate::db::prelude::*;
use diesel::dsl::sql;
use diesel::sql_types::{Float, Nullable, Text};

use crate::db::functions::{fold, greatest, similarity};
use crate::db::schema::{contact, thing, thing_contact_association as contact_link};
use crate::db::{constant, full_text, raw, similar};
use crate::domain::principal::Sight;
use crate::domain::request::filter::{Operator, like_pattern};
use crate::domain::request::search::SearchQuery;
use crate::domain::thing::ThingSearch;
use crate::store::query::listing::{Condition, Order};
use crate::store::query::subquery::{in_query, restrict, union};
use crate::store::query::visibility::{CONTACT, THING_CONTACT, visible};
use crate::store::thing::now_in;

/// The conditions of a search.
pub(in crate::store) fn narrow(
    sight: Sight,
    kind: Option<&'static str>,
    search: &ThingSearch,
) -> Vec<Condition<thing::table>> {
    let mut all: Vec<Condition<thing::table>> = Vec::new();
    if let Some(kind) = kind {
        all.push(Box::new(thing::thing_type.eq(constant(kind)).nullable()));
    }
    if let Some(name) = &search.name {
        all.push(Box::new(thing::name.eq(name.clone()).nullable()));
    }
    if let Some(part) = &search.name_contains {
        let pattern = like_pattern(Operator::Contains, part);
        all.push(Box::new(fold(thing::name.nullable()).like(fold(pattern)).escape('\\')));
    }
    if !search.region.is_everywhere() {
        all.push(Box::new(in_query(thing::id, now_in(sight, &search.region))));
    }
    if let Some(asked) = &search.query {
        all.push(matching(sight, asked, search.include_contacts));
    }
    all
}

/// The types that there are. Few types, many things: the index is asked for the next type each time, and no thing is
/// read.
const KINDS: &str = "SELECT thing.thing_type FROM (\
        WITH RECURSIVE kind(thing_type) AS (\
            SELECT min(thing_type) FROM thing \
            UNION ALL SELECT (SELECT min(t.thing_type) FROM thing t WHERE t.thing_type > kind.thing_type) \
            FROM kind WHERE kind.thing_type IS NOT NULL) \
        SELECT thing_type FROM kind WHERE thing_type IS NOT NULL) thing";

/// Things whose text matches, or whose name or type is similar to what is asked for, or (if wanted) a contact's name. A
/// union of keys, each found by its own index: joined by OR, the conditions would be tried on every thing. Which things
/// are visible is left to the list.
fn matching(sight: Sight, asked: &SearchQuery, contacts: bool) -> Condition<thing::table> {
    let text = asked.text();
    let alike = thing::table.filter(similar(thing::name, text)).select(thing::id);
    let kinds = restrict(raw::<Text>(KINDS), similar(thing::thing_type, text));
    let of_kinds = thing::table.filter(in_query(thing::thing_type, kinds)).select(thing::id);
    let own = union(union(full_text("thing", asked), alike), of_kinds);
    if !contacts {
        return Box::new(in_query(thing::id, own));
    }
    let people =
        contact::table.filter(similar(contact::name, text)).filter(visible(sight, &CONTACT)).select(contact::id);
    let theirs = contact_link::table
        .filter(in_query(contact_link::contact_id, people))
        .filter(visible(sight, &THING_CONTACT))
        .select(contact_link::thing_id);
    Box::new(in_query(thing::id, union(own, theirs)))
}

/// The most similar things first.
pub(in crate::store) fn best_first(sight: Sight, asked: &SearchQuery, contacts: bool) -> Order<thing::table> {
    let text = asked.text().to_owned();
    let own = greatest(
        similarity(thing::name.nullable(), text.clone()),
        similarity(thing::thing_type.nullable(), text.clone()),
    );
    if !contacts {
        return Box::new(own.desc());
    }
    let of_thing = format!(
        ")) FROM contact c JOIN thing_contact_association a ON a.contact_id = c.id \
          WHERE a.thing_id = thing.id AND {} AND {})",
        CONTACT.sql(sight, "c"),
        THING_CONTACT.sql(sight, "a")
    );
    let theirs = sql::<Nullable<Float>>("(SELECT max(similarity(c.name, ").bind::<Text, _>(text).sql(&of_thing);
    Box::new(greatest(own, theirs).desc())
}
