//! Which things a list is about: type, name, text, area.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Float, Nullable, Text};

use crate::db::functions::{fold, greatest, similarity, within};
use crate::db::schema::{
    contact, location, location_thing_association as place, thing, thing_contact_association as contact_link,
};
use crate::db::{Backend, constant, full_text, near_box, raw, similar};
use crate::domain::filter::{Operator, like_pattern};
use crate::domain::geometry::Area;
use crate::domain::search::SearchQuery;
use crate::domain::thing::ThingSearch;
use crate::store::list::{Condition, Order};
use crate::store::related::{in_query, restrict, union};

/// A boxed query over things.
pub(super) type Things<'a> = thing::BoxedQuery<'a, Backend>;

/// Adds the conditions of a search.
pub(super) fn narrow<'a>(mut query: Things<'a>, kind: Option<&'static str>, search: &ThingSearch) -> Things<'a> {
    if let Some(kind) = kind {
        query = query.filter(thing::thing_type.eq(constant(kind)));
    }
    if let Some(name) = &search.name {
        query = query.filter(thing::name.eq(name.clone()));
    }
    if let Some(part) = &search.name_contains {
        let pattern = like_pattern(Operator::Contains, part);
        query = query.filter(fold(thing::name.nullable()).like(fold(pattern)).escape('\\'));
    }
    if let Some(area) = &search.within {
        query = query.filter(inside(area));
    }
    if let Some(asked) = &search.query {
        query = query.filter(matching(asked, search.include_contacts));
    }
    query
}

/// Things whose current location lies in the area: of a thing's places the one that it came to last, unless it has left that
/// one too.
fn inside(area: &Area) -> Condition<thing::table> {
    // The box first: on SQLite it is what finds the R*Tree.
    let places = place::table
        .inner_join(location::table)
        .filter(near_box(location::id, area.bounds()))
        .filter(within(location::longitude, location::latitude, area.to_wkt()))
        .filter(place::effective_end.is_null())
        .filter(raw::<Bool>(
            "NOT EXISTS (SELECT 1 FROM location_thing_association newer \
              WHERE newer.thing_id = location_thing_association.thing_id \
                AND (newer.effective_start, newer.id) \
                    > (location_thing_association.effective_start, location_thing_association.id))",
        ))
        .select(place::thing_id);
    Box::new(in_query(thing::id, places))
}

/// The types that there are. Few types, many things: the index is asked for the next type each time, and no thing is read.
const KINDS: &str = "SELECT thing.thing_type FROM (\
        WITH RECURSIVE kind(thing_type) AS (\
            SELECT min(thing_type) FROM thing \
            UNION ALL SELECT (SELECT min(t.thing_type) FROM thing t WHERE t.thing_type > kind.thing_type) \
            FROM kind WHERE kind.thing_type IS NOT NULL) \
        SELECT thing_type FROM kind WHERE thing_type IS NOT NULL) thing";

/// Things whose text matches, or whose name or type is similar to what is asked for, or (if wanted) a contact's name. A union
/// of keys, each found by its own index: joined by OR, the conditions would be tried on every thing.
fn matching(asked: &SearchQuery, contacts: bool) -> Condition<thing::table> {
    let text = asked.text();
    let alike = thing::table.filter(similar(thing::name, text)).select(thing::id);
    let kinds = restrict(raw::<Text>(KINDS), similar(thing::thing_type, text));
    let of_kinds = thing::table.filter(in_query(thing::thing_type, kinds)).select(thing::id);
    let own = union(union(full_text("thing", asked), alike), of_kinds);
    if !contacts {
        return Box::new(in_query(thing::id, own));
    }
    let people = contact::table.filter(similar(contact::name, text)).select(contact::id);
    let theirs = contact_link::table.filter(in_query(contact_link::contact_id, people)).select(contact_link::thing_id);
    Box::new(in_query(thing::id, union(own, theirs)))
}

/// The most similar things first.
pub(super) fn best_first(asked: &SearchQuery, contacts: bool) -> Order<thing::table> {
    let text = asked.text().to_owned();
    let own = greatest(
        similarity(thing::name.nullable(), text.clone()),
        similarity(thing::thing_type.nullable(), text.clone()),
    );
    if !contacts {
        return Box::new(own.desc());
    }
    let theirs = sql::<Nullable<Float>>("(SELECT max(similarity(c.name, ")
        .bind::<Text, _>(text)
        .sql(")) FROM contact c JOIN thing_contact_association a ON a.contact_id = c.id WHERE a.thing_id = thing.id)");
    Box::new(greatest(own, theirs).desc())
}
