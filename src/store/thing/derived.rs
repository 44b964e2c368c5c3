//! Fields of things that are no columns: what they are filtered and sorted by.
//!
//! The keys are sub-selects over the rows of a thing, in SQL that means the same on both databases. They stand in
//! conditions and in orders only: in a target list they would be computed for every skipped row too.

use crate::db::prelude::*;
use diesel::dsl::sql;
use diesel::query_builder::QueryFragment;
use diesel::sql_types::{Nullable, Text};
use serde_json::Value;

use crate::db::Backend;
use crate::db::schema::{
    contact, group, group_thing_association as member, thing, thing_contact_association as contact_link,
};
use crate::domain::principal::Sight;
use crate::domain::request::filter::{Filter, FilterError, Operator};
use crate::domain::request::list::Direction;
use crate::domain::thing::SITE_NAME_ORGANIZATION;
use crate::store::query::linked::{Asked, by_key as by};
use crate::store::query::listing::{Column, Condition, Expr, Listing, Order};
use crate::store::query::subquery::in_query;
use crate::store::query::visibility::{self as rules, visible};
use crate::store::thing::{CLOSED, DATALOGGER_STATUS, MONITORING_STATUS, OPEN, OPEN_STATUS, TABLE, WELL_STATUS};

/// The newest open status of a type.
fn status(sight: Sight, kind: &str) -> String {
    format!(
        "(SELECT s.status_value FROM status_history s \
          WHERE s.target_table = '{}' AND s.target_id = thing.id AND s.status_type = '{kind}' \
            AND s.end_date IS NULL AND {} \
          ORDER BY s.start_date DESC, s.id DESC LIMIT 1)",
        TABLE.name,
        rules::STATUS.sql(sight, "s")
    )
}

/// The newest height of a well's measuring point.
fn height(sight: Sight) -> String {
    format!(
        "(SELECT p.measuring_point_height FROM measuring_point_history p \
          WHERE p.thing_id = thing.id AND p.measuring_point_height IS NOT NULL AND thing.thing_type = 'water well' \
            AND {} \
          ORDER BY p.start_date DESC, p.id DESC LIMIT 1)",
        rules::MEASURING_POINT.sql(sight, "p")
    )
}

/// What the survey itself calls the site.
fn site_name(sight: Sight) -> String {
    format!(
        "fold((SELECT l.alternate_id FROM thing_id_link l \
          WHERE l.thing_id = thing.id AND l.alternate_organization = '{SITE_NAME_ORGANIZATION}' AND {} \
          ORDER BY l.id LIMIT 1))",
        rules::ID_LINK.sql(sight, "l")
    )
}

fn first_contact(sight: Sight) -> String {
    format!(
        "(SELECT min(fold(c.name)) FROM contact c \
          JOIN thing_contact_association a ON a.contact_id = c.id \
          WHERE a.thing_id = thing.id AND {} AND {})",
        rules::CONTACT.sql(sight, "c"),
        rules::THING_CONTACT.sql(sight, "a")
    )
}

fn first_group(sight: Sight) -> String {
    format!(
        "(SELECT min(fold(g.name)) FROM \"group\" g \
          JOIN group_thing_association a ON a.group_id = g.id WHERE a.thing_id = thing.id AND {})",
        rules::GROUP_MEMBER.sql(sight, "a")
    )
}

fn first_aquifer(sight: Sight) -> String {
    format!(
        "(SELECT min(fold(s.name)) FROM aquifer_system s \
          JOIN thing_aquifer_association a ON a.aquifer_system_id = s.id WHERE a.thing_id = thing.id AND {})",
        rules::THING_AQUIFER.sql(sight, "a")
    )
}

fn by_status(sight: Sight, kind: &str, direction: Direction) -> Vec<Order<thing::table>> {
    by(&format!("fold({})", status(sight, kind)), direction)
}

/// Open, closed, unknown, anything else: every thing has a place in this order.
fn by_open_status(sight: Sight, direction: Direction) -> Vec<Order<thing::table>> {
    let status = status(sight, OPEN_STATUS);
    // A CASE by value never takes its branch for null, so that one is told apart inside the ELSE.
    let other = format!("CASE WHEN {status} IS NULL THEN 2 ELSE 3 END");
    by(&format!("CASE {status} WHEN '{OPEN}' THEN 0 WHEN '{CLOSED}' THEN 1 ELSE {other} END"), direction)
}

/// The sorts that are no columns, and the filters on statuses and linked rows.
pub(in crate::store) const MONITORING: Column<thing::table> =
    Column::computed("monitoring_status", Some(status_filter), Some(|sight, d| by_status(sight, MONITORING_STATUS, d)));
/// See [`MONITORING`].
pub(in crate::store) const WELL: Column<thing::table> =
    Column::computed("well_status", Some(status_filter), Some(|sight, d| by_status(sight, WELL_STATUS, d)));
/// See [`MONITORING`].
pub(in crate::store) const DATALOGGER: Column<thing::table> =
    Column::computed("datalogger_suitability_status", None, Some(|sight, d| by_status(sight, DATALOGGER_STATUS, d)));
/// See [`MONITORING`].
pub(in crate::store) const OPENNESS: Column<thing::table> = Column::computed("open_status", None, Some(by_open_status));
/// See [`MONITORING`].
pub(in crate::store) const SITE: Column<thing::table> =
    Column::computed("site_name", None, Some(|sight, d| by(&site_name(sight), d)));
/// See [`MONITORING`].
pub(in crate::store) const AQUIFERS: Column<thing::table> =
    Column::computed("aquifers", None, Some(|sight, d| by(&first_aquifer(sight), d)));
/// See [`MONITORING`].
pub(in crate::store) const MEASURING_POINT: Column<thing::table> =
    Column::computed("measuring_point_height", None, Some(|sight, d| by(&height(sight), d)));
/// See [`MONITORING`].
pub(in crate::store) const CONTACTS: Column<thing::table> =
    Column::computed("contacts", Some(contacts_filter), Some(|sight, d| by(&first_contact(sight), d)));
/// See [`MONITORING`].
pub(in crate::store) const GROUPS: Column<thing::table> =
    Column::computed("groups", Some(groups_filter), Some(|sight, d| by(&first_group(sight), d)));

/// The statuses as if they were columns.
static STATUSES: Listing<thing::table> = Listing {
    model: TABLE.model,
    rule: &rules::THING,
    columns: &[
        Column::text("monitoring_status", || status_value(Sight::Everything, MONITORING_STATUS)),
        Column::text("well_status", || status_value(Sight::Everything, WELL_STATUS)),
    ],
};

/// The same for who sees public rows only.
static PUBLIC_STATUSES: Listing<thing::table> = Listing {
    model: TABLE.model,
    rule: &rules::THING,
    columns: &[
        Column::text("monitoring_status", || status_value(Sight::PublicRows, MONITORING_STATUS)),
        Column::text("well_status", || status_value(Sight::PublicRows, WELL_STATUS)),
    ],
};

fn status_value(sight: Sight, kind: &str) -> Expr<thing::table, Nullable<Text>> {
    Box::new(sql::<Nullable<Text>>(&status(sight, kind)))
}

fn status_filter(sight: Sight, filter: &Filter) -> Result<Condition<thing::table>, FilterError> {
    if !(filter.operator.is_textual() || matches!(filter.operator, Operator::Eq | Operator::Ne)) {
        return Err(FilterError::Virtual {
            operator: filter.operator.name(),
            kind: "derived status",
            supported: "contains, ncontains, eq, ne, startswith, endswith",
        });
    }
    match sight {
        Sight::Everything => STATUSES.condition(sight, filter),
        Sight::PublicRows | Sight::PublicRounded(_) => PUBLIC_STATUSES.condition(sight, filter),
    }
}

static CONTACT_NAMES: Listing<contact::table> = Listing {
    model: TABLE.model,
    rule: &rules::CONTACT,
    columns: &[Column::text("contacts", || Box::new(contact::name))],
};

fn contacts_filter(sight: Sight, filter: &Filter) -> Result<Condition<thing::table>, FilterError> {
    let links = || {
        let links = contact_link::table.into_boxed::<Backend>().filter(visible(sight, &rules::THING_CONTACT));
        links.select(contact_link::thing_id)
    };
    Ok(match Asked::of(filter, "contacts")? {
        Asked::Any { linked } => linked_to(links(), linked),
        Asked::Some { filter, linked } => {
            let contacts = contact::table
                .into_boxed::<Backend>()
                .filter(CONTACT_NAMES.condition(sight, &filter)?)
                .filter(visible(sight, &rules::CONTACT))
                .select(contact::id);
            linked_to(links().filter(in_query(contact_link::contact_id, contacts)), linked)
        }
    })
}

static GROUP_NAMES: Listing<group::table> = Listing {
    model: TABLE.model,
    rule: &rules::GROUP,
    columns: &[Column::text("groups", || Box::new(group::name.nullable())), Column::of(group::id)],
};

fn groups_filter(sight: Sight, filter: &Filter) -> Result<Condition<thing::table>, FilterError> {
    let links = || {
        let links = member::table.into_boxed::<Backend>().filter(visible(sight, &rules::GROUP_MEMBER));
        links.select(member::thing_id)
    };
    Ok(match Asked::of(filter, "groups")? {
        Asked::Any { linked } => linked_to(links(), linked),
        Asked::Some { mut filter, linked } => {
            if filter.operator == Operator::Eq && is_number(&filter.value) {
                "id".clone_into(&mut filter.field);
            }
            let groups = group::table
                .into_boxed::<Backend>()
                .filter(GROUP_NAMES.condition(sight, &filter)?)
                .filter(visible(sight, &rules::GROUP))
                .select(group::id);
            linked_to(links().filter(in_query(member::group_id, groups)), linked)
        }
    })
}

fn is_number(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.is_i64(),
        Value::String(text) => !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()),
        _ => false,
    }
}

/// Things that are among the links, or are not.
fn linked_to<Q>(links: Q, linked: bool) -> Condition<thing::table>
where
    Q: QueryFragment<Backend> + Send + 'static,
{
    Box::new(in_query(thing::id, links).negated(!linked))
}
