//! `/access`: who was given access to what, and which owner agreed to what being shown where.

mod decision;

use actix_web::{get, post};

use crate::api::http::openapi::ListParams;
use crate::api::http::path::Word;
use crate::api::{Answer, Body, Db, Id, Params, Resource, Routes};
use crate::domain::access::consent::{Consent, CreateConsent};
use crate::domain::access::destination::{CreateDestination, Destination};
use crate::domain::access::grant::{CreateGrant, Grant};
use crate::domain::principal::Role::Admin;
use crate::domain::request::paging::Page;
use crate::domain::thing::Thing;
use crate::store::access::{consent, destination, grant};
use crate::store::thing;

impl Resource for Grant {
    const NAME: &'static str = grant::TABLE.model;
}

impl Resource for Consent {
    const NAME: &'static str = consent::TABLE.model;
}

/// List grants, those that ended or were revoked included.
#[utoipa::path(tag = "access", params(ListParams), responses((status = 200, body = Page<Grant>)))]
#[get("/access/grant")]
async fn list_grants(db: Db, params: Params) -> Answer {
    db.list("list_grants", params, |params| (params.list(), ()), grant::find, grant::load).await
}

/// Record that somebody was given access. The service itself goes on deciding by roles and release statuses.
#[utoipa::path(tag = "access", request_body = CreateGrant, responses((status = 201, body = Grant)))]
#[post("/access/grant")]
async fn create_grant(db: Db, body: Body<CreateGrant>) -> Answer {
    db.create_unshown("create_grant", body, grant::create).await
}

/// Revoke a grant. The first time counts.
#[utoipa::path(tag = "access", responses((status = 201, body = Grant)))]
#[post("/access/grant/{grant_id}/revocation")]
async fn revoke_grant(key: Id<Grant>, db: Db) -> Answer {
    db.create_at("revoke_grant", key, grant::revoke).await
}

/// List destinations.
#[utoipa::path(tag = "access", params(ListParams), responses((status = 200, body = Page<Destination>)))]
#[get("/access/destination")]
async fn list_destinations(db: Db, params: Params) -> Answer {
    db.list("list_destinations", params, |params| (params.list(), ()), destination::find, destination::load).await
}

/// Store where others show data.
#[utoipa::path(tag = "access", request_body = CreateDestination, responses((status = 201, body = Destination)))]
#[post("/access/destination")]
async fn create_destination(db: Db, body: Body<CreateDestination>) -> Answer {
    db.create_unshown("create_destination", body, destination::create).await
}

/// List the things of which something may be shown at a destination today: an owner's consent is in force, and the destination is
/// active. Whether they are public is another matter.
#[utoipa::path(tag = "access", params(ListParams), responses((status = 200, body = Page<Thing>)))]
#[get("/access/destination/{slug}/thing")]
async fn list_destination_things(slug: Word, db: Db, params: Params) -> Answer {
    db.list(
        "list_destination_things",
        params,
        |params| (params.list(), ()),
        move |session, request, ()| thing::find_shown_at(session, request, &slug.0),
        thing::load_things,
    )
    .await
}

/// List consents, those that ended or were revoked included.
#[utoipa::path(tag = "access", params(ListParams), responses((status = 200, body = Page<Consent>)))]
#[get("/access/consent")]
async fn list_consents(db: Db, params: Params) -> Answer {
    db.list("list_consents", params, |params| (params.list(), ()), consent::find, consent::load).await
}

/// Record that an owner agreed to data of a thing being shown at a destination.
#[utoipa::path(tag = "access", request_body = CreateConsent, responses((status = 201, body = Consent)))]
#[post("/access/consent")]
async fn create_consent(db: Db, body: Body<CreateConsent>) -> Answer {
    db.create_unshown("create_consent", body, consent::create).await
}

/// Revoke a consent. The first time counts.
#[utoipa::path(tag = "access", responses((status = 201, body = Consent)))]
#[post("/access/consent/{consent_id}/revocation")]
async fn revoke_consent(key: Id<Consent>, db: Db) -> Answer {
    db.create_at("revoke_consent", key, consent::revoke).await
}

/// The routes of access.
pub fn routes(routes: &mut Routes) {
    routes
        .add(Admin, list_grants)
        .add(Admin, create_grant)
        .add(Admin, revoke_grant)
        .add(Admin, decision::get_decision)
        .add(Admin, list_destinations)
        .add(Admin, create_destination)
        .add(Admin, list_destination_things)
        .add(Admin, list_consents)
        .add(Admin, create_consent)
        .add(Admin, revoke_consent);
}
