//! Which grants cover what somebody wants to do.

use chrono::NaiveDate;

use crate::db::prelude::*;
use crate::db::schema::{group_thing_association as member, permission_grant, thing};
use crate::db::{Backend, Session, row, rows};
use crate::domain::access::decision::{Decision, Question, Somebody};
use crate::domain::access::{ALL, CAPABILITIES, GROUP, THING, USER};
use crate::domain::principal::Sight;
use crate::store::StoreError;
use crate::store::query::subquery::in_query;
use crate::store::query::visibility::{PERMISSION_GRANT, THING as THING_RULE, visible};
use crate::store::thing::TABLE as THINGS;

type Covering = permission_grant::BoxedQuery<'static, Backend>;

/// Whoever asks, as far as he has proved who he is.
fn asker(session: &Session<'_>) -> Somebody {
    let by = session.principal();
    let principal_id = by.id.clone().unwrap_or_default();
    Somebody { principal_type: USER, principal_id, groups: Vec::new(), grants: by.grants.clone() }
}

/// Decides a question, with the reasons.
pub fn decide(session: &mut Session<'_>, mut question: Question) -> Result<Decision, StoreError> {
    type Row = (i32, String, String, String, String, Option<i32>, String, NaiveDate, Option<NaiveDate>);
    let somebody = question.somebody.take().unwrap_or_else(|| asker(session));
    let sight = session.sight();
    let of_thing = question.thing_id.map(|id| {
        let there = thing::table.filter(thing::id.eq(id)).filter(visible(sight, &THING_RULE)).select(thing::id);
        let public =
            thing::table.filter(thing::id.eq(id)).filter(visible(Sight::PublicRows, &THING_RULE)).select(thing::id);
        (row::<i32, _>(there), row::<i32, _>(public))
    });
    let grants =
        covering(&question, &somebody).filter(visible(sight, &PERMISSION_GRANT)).order(permission_grant::id).select((
            permission_grant::id,
            permission_grant::principal_type,
            permission_grant::principal_id,
            permission_grant::capability,
            permission_grant::scope_type,
            permission_grant::scope_id,
            permission_grant::data_type,
            permission_grant::starts_at,
            permission_grant::ends_at,
        ));
    let (of_thing, grants) = session.read((of_thing, rows::<Row, _>(grants)))?;
    if let (Some(id), Some((None, _))) = (question.thing_id, &of_thing) {
        return Err(StoreError::not_found(THINGS.model, id));
    }
    let is_public = of_thing.is_some_and(|(_, public)| public.is_some());
    let told = |(id, kind, principal, capability, scope, scope_id, data_type, from, to): Row| {
        let scope_id = scope_id.map(|id| format!(" {id}")).unwrap_or_default();
        let to = to.map(|day| format!(" to {day}")).unwrap_or_default();
        (id, format!("{kind} {principal} may {capability} {data_type} of {scope}{scope_id} from {from}{to}"))
    };
    Ok(question.decide(&somebody, is_public, grants.into_iter().map(told).collect()))
}

/// The grants that are in force on the day and cover what is asked.
fn covering(question: &Question, somebody: &Somebody) -> Covering {
    let enough = CAPABILITIES.iter().skip_while(|capability| **capability != question.capability);
    let on = question.on;
    let query = permission_grant::table
        .filter(permission_grant::capability.eq_any(enough.copied()))
        .filter(permission_grant::data_type.eq_any([ALL, question.data_type]))
        .filter(permission_grant::starts_at.le(on))
        .filter(permission_grant::ends_at.is_null().or(permission_grant::ends_at.ge(on)))
        .filter(permission_grant::revoked_at.is_null())
        .into_boxed::<Backend>();
    let own = permission_grant::principal_type
        .eq(somebody.principal_type)
        .and(permission_grant::principal_id.eq(somebody.principal_id.clone()));
    let by_group =
        permission_grant::principal_type.eq(GROUP).and(permission_grant::principal_id.eq_any(somebody.groups.clone()));
    let query = query.filter(own.or(by_group));
    let everything = permission_grant::scope_type.eq(ALL);
    let Some(id) = question.thing_id else { return query.filter(everything) };
    let itself = permission_grant::scope_type.eq(THING).and(permission_grant::scope_id.eq(id));
    let groups = member::table.filter(member::thing_id.eq(id)).select(member::group_id);
    let of_group = permission_grant::scope_type.eq(GROUP).and(in_query(permission_grant::scope_id, groups));
    query.filter(everything.nullable().or(itself).or(of_group))
}
