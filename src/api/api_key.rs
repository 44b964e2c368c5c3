//! `/api_key`: keys that people make for themselves, for programs that cannot log in.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, delete, get, patch, post};

use crate::api::http::context::RequestContext;
use crate::api::{Answer, ApiError, Body, Db, Id, Resource, Routes};
use crate::domain::api_key::{ApiKey, CreateApiKey, NewApiKey, UpdateApiKey};
use crate::domain::principal::Role::OgcInternal;
use crate::store::api_key;

impl Resource for ApiKey {
    const NAME: &'static str = api_key::TABLE.model;
}

/// Who asks is no API key: one that is stolen must not live on in others. The first argument of a handler, so that nothing else of
/// the request is looked at before.
struct InPerson;

impl FromRequest for InPerson {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let context = RequestContext::of(request).ok_or(ApiError::Unreadable);
        ready(context.and_then(|context| match context.asker().principal.api_key {
            None => Ok(Self),
            Some(_) => Err(ApiError::ShownByKey),
        }))
    }
}

/// Your keys, also those that are revoked or expired; of very many the newest thousand.
#[utoipa::path(tag = "api_key", responses((status = 200, body = Vec<ApiKey>)))]
#[get("/api_key")]
async fn list_api_keys(_: InPerson, db: Db) -> Answer {
    db.get("list_api_keys", (), |session, ()| api_key::list(session)).await
}

/// Make a key of your own. The answer shows it, this once.
#[utoipa::path(tag = "api_key", request_body = CreateApiKey, responses((status = 201, body = NewApiKey)))]
#[post("/api_key")]
async fn create_api_key(_: InPerson, db: Db, body: Body<CreateApiKey>) -> Answer {
    db.create_secret("create_api_key", body, api_key::create).await
}

/// Rename a key of your own.
#[utoipa::path(tag = "api_key", request_body = UpdateApiKey, responses((status = 200, body = ApiKey)))]
#[patch("/api_key/{api_key_id}")]
async fn update_api_key(_: InPerson, key: Id<ApiKey>, db: Db, body: Body<UpdateApiKey>) -> Answer {
    db.change("update_api_key", key, body, api_key::update).await
}

/// Revoke a key of your own: within a second no instance takes it any more.
#[utoipa::path(tag = "api_key", responses((status = 204)))]
#[delete("/api_key/{api_key_id}")]
async fn delete_api_key(_: InPerson, key: Id<ApiKey>, db: Db) -> Answer {
    db.remove("delete_api_key", key, api_key::revoke).await
}

/// The routes of API keys.
pub fn routes(routes: &mut Routes) {
    routes
        .add(OgcInternal, list_api_keys)
        .add(OgcInternal, create_api_key)
        .add(OgcInternal, update_api_key)
        .add(OgcInternal, delete_api_key);
}
