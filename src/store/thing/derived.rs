//! Fields of things that are no columns: what they are filtered and sorted by.
//!
//! The keys are sub-selects over the rows of a thing, in SQL that means the same on both databases. They stand in conditions and
//! in orders only: in a target list they would be computed for every skipped row too.

use diesel::dsl::sql;
use diesel::expression::expression_types::NotSelectable;
use diesel::prelude::*;
use diesel::query_builder::QueryFragment;
use diesel::sql_types::{Nullable, Text};
use serde_json::Value;

use crate::db::Backend;
use crate::db::schema::{
    contact, group, group_thing_association as member, thing, thing_contact_association as contact_link,
};
use crate::domain::filter::{Filter, FilterError, Operator};
use crate::domain::list::Direction;
use crate::store::list::{Column, Condition, Expr, Listing, Order};
use crate::store::related::in_query;

use super::{CLOSED, DATALOGGER_STATUS, MODEL, MONITORING_STATUS, OPEN, OPEN_STATUS, TABLE, WELL_STATUS};

/// The newest open status of a type.
fn status(kind: &str) -> String {
    format!(
        "(SELECT s.status_value FROM status_history s \
          WHERE s.target_table = '{TABLE}' AND s.target_id = thing.id AND s.status_type = '{kind}' \
            AND s.end_date IS NULL \
          ORDER BY s.start_date DESC, s.id DESC LIMIT 1)"
    )
}

/// The newest height of a well's measuring point.
const HEIGHT: &str = "(SELECT p.measuring_point_height FROM measuring_point_history p \
     WHERE p.thing_id = thing.id AND p.measuring_point_height IS NOT NULL AND thing.thing_type = 'water well' \
     ORDER BY p.start_date DESC, p.id DESC LIMIT 1)";

/// What the survey itself calls the site.
const SITE_NAME: &str = "fold((SELECT l.alternate_id FROM thing_id_link l \
     WHERE l.thing_id = thing.id AND l.alternate_organization = 'NMBGMR' ORDER BY l.id LIMIT 1))";

const FIRST_CONTACT: &str = "(SELECT min(fold(c.name)) FROM contact c \
     JOIN thing_contact_association a ON a.contact_id = c.id WHERE a.thing_id = thing.id)";

const FIRST_GROUP: &str = "(SELECT min(fold(g.name)) FROM \"group\" g \
     JOIN group_thing_association a ON a.group_id = g.id WHERE a.thing_id = thing.id)";

const FIRST_AQUIFER: &str = "(SELECT min(fold(s.name)) FROM aquifer_system s \
     JOIN thing_aquifer_association a ON a.aquifer_system_id = s.id WHERE a.thing_id = thing.id)";

/// By a key, things without one last.
fn by(key: &str, direction: Direction) -> Vec<Order<thing::table>> {
    let direction = match direction {
        Direction::Ascending => "ASC",
        Direction::Descending => "DESC",
    };
    vec![Box::new(sql::<NotSelectable>(&format!("{key} {direction} NULLS LAST")))]
}

fn by_status(kind: &str, direction: Direction) -> Vec<Order<thing::table>> {
    by(&format!("fold({})", status(kind)), direction)
}

/// Open, closed, unknown, anything else: every thing has a place in this order.
fn by_open_status(direction: Direction) -> Vec<Order<thing::table>> {
    let status = status(OPEN_STATUS);
    // A CASE by value never takes its branch for null, so that one is told apart inside the ELSE.
    let other = format!("CASE WHEN {status} IS NULL THEN 2 ELSE 3 END");
    by(&format!("CASE {status} WHEN '{OPEN}' THEN 0 WHEN '{CLOSED}' THEN 1 ELSE {other} END"), direction)
}

/// The sorts that are no columns, and the filters on statuses and linked rows.
pub(super) const MONITORING: Column<thing::table> =
    Column::computed("monitoring_status", Some(status_filter), Some(|d| by_status(MONITORING_STATUS, d)));
/// See [`MONITORING`].
pub(super) const WELL: Column<thing::table> =
    Column::computed("well_status", Some(status_filter), Some(|d| by_status(WELL_STATUS, d)));
/// See [`MONITORING`].
pub(super) const DATALOGGER: Column<thing::table> =
    Column::computed("datalogger_suitability_status", None, Some(|d| by_status(DATALOGGER_STATUS, d)));
/// See [`MONITORING`].
pub(super) const OPENNESS: Column<thing::table> = Column::computed("open_status", None, Some(by_open_status));
/// See [`MONITORING`].
pub(super) const SITE: Column<thing::table> = Column::computed("site_name", None, Some(|d| by(SITE_NAME, d)));
/// See [`MONITORING`].
pub(super) const AQUIFERS: Column<thing::table> = Column::computed("aquifers", None, Some(|d| by(FIRST_AQUIFER, d)));
/// See [`MONITORING`].
pub(super) const MEASURING_POINT: Column<thing::table> =
    Column::computed("measuring_point_height", None, Some(|d| by(HEIGHT, d)));
/// See [`MONITORING`].
pub(super) const CONTACTS: Column<thing::table> =
    Column::computed("contacts", Some(contacts_filter), Some(|d| by(FIRST_CONTACT, d)));
/// See [`MONITORING`].
pub(super) const GROUPS: Column<thing::table> =
    Column::computed("groups", Some(groups_filter), Some(|d| by(FIRST_GROUP, d)));

/// The statuses as if they were columns.
static STATUSES: Listing<thing::table> = Listing {
    model: MODEL,
    columns: &[
        Column::text("monitoring_status", || status_value(MONITORING_STATUS)),
        Column::text("well_status", || status_value(WELL_STATUS)),
    ],
};

fn status_value(kind: &str) -> Expr<thing::table, Nullable<Text>> {
    Box::new(sql::<Nullable<Text>>(&status(kind)))
}

fn status_filter(filter: &Filter) -> Result<Condition<thing::table>, FilterError> {
    if !(filter.operator.is_textual() || matches!(filter.operator, Operator::Eq | Operator::Ne)) {
        return Err(FilterError::Virtual {
            operator: filter.operator.name(),
            kind: "derived status",
            supported: "contains, ncontains, eq, ne, startswith, endswith",
        });
    }
    STATUSES.condition(filter)
}

static CONTACT_NAMES: Listing<contact::table> =
    Listing { model: MODEL, columns: &[Column::text("contacts", || Box::new(contact::name))] };

fn contacts_filter(filter: &Filter) -> Result<Condition<thing::table>, FilterError> {
    let links = || contact_link::table.into_boxed::<Backend>().select(contact_link::thing_id);
    Ok(match Asked::of(filter, "contacts")? {
        Asked::Any { linked } => linked_to(links(), linked),
        Asked::Some { filter, linked } => {
            let contacts =
                contact::table.into_boxed::<Backend>().filter(CONTACT_NAMES.condition(&filter)?).select(contact::id);
            linked_to(links().filter(in_query(contact_link::contact_id, contacts)), linked)
        }
    })
}

static GROUP_NAMES: Listing<group::table> = Listing {
    model: MODEL,
    columns: &[
        Column::text("groups", || Box::new(group::name.nullable())).not_null(),
        Column::integer("id", || Box::new(group::id.nullable())).not_null(),
    ],
};

fn groups_filter(filter: &Filter) -> Result<Condition<thing::table>, FilterError> {
    let links = || member::table.into_boxed::<Backend>().select(member::thing_id);
    Ok(match Asked::of(filter, "groups")? {
        Asked::Any { linked } => linked_to(links(), linked),
        Asked::Some { mut filter, linked } => {
            if filter.operator == Operator::Eq && is_number(&filter.value) {
                "id".clone_into(&mut filter.field);
            }
            let groups = group::table.into_boxed::<Backend>().filter(GROUP_NAMES.condition(&filter)?).select(group::id);
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

/// What a filter on linked rows asks for.
enum Asked {
    /// At least one linked row, or none.
    Any {
        /// At least one.
        linked: bool,
    },
    /// At least one linked row of which the filter holds, or none.
    Some {
        /// What holds of a row; the operator is no negation.
        filter: Filter,
        /// At least one.
        linked: bool,
    },
}

impl Asked {
    fn of(filter: &Filter, kind: &'static str) -> Result<Self, FilterError> {
        let (operator, linked) = match filter.operator {
            Operator::Null => return Ok(Self::Any { linked: false }),
            Operator::Nnull => return Ok(Self::Any { linked: true }),
            Operator::Ncontains => (Operator::Contains, false),
            Operator::Ne => (Operator::Eq, false),
            same @ (Operator::Contains | Operator::Startswith | Operator::Endswith | Operator::Eq) => (same, true),
            other => {
                return Err(FilterError::Virtual {
                    operator: other.name(),
                    kind,
                    supported: "contains, ncontains, eq, ne, startswith, endswith, null, nnull",
                });
            }
        };
        let filter = Filter { field: filter.field.clone(), operator, value: filter.value.clone() };
        Ok(Self::Some { filter, linked })
    }
}

/// Things that are among the links, or are not.
fn linked_to<Q>(links: Q, linked: bool) -> Condition<thing::table>
where
    Q: QueryFragment<Backend> + Send + 'static,
{
    Box::new(in_query(thing::id, links).negated(!linked))
}
