//! The handlers' way to the database: runs a store function, turns its result into an answer's bytes on the blocking
//! thread, and notes the timing.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::{FromRequest, HttpRequest, HttpResponse, HttpResponseBuilder, web};
use serde::Serialize;

use crate::db::{Connection, Done, Executor, Weight};
use crate::store::StoreError;

use super::context::RequestContext;
use super::error::internal;
use super::state::AppState;
use super::{Answer, ApiError};

/// The executor, bound to one request.
pub struct Db {
    pub(super) executor: Executor,
    pub(super) context: RequestContext,
}

impl FromRequest for Db {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let state = request.app_data::<web::Data<AppState>>();
        let db = state.map(|state| Self { executor: state.executor.clone(), context: RequestContext::of(request) });
        ready(db.ok_or(ApiError::Unreadable))
    }
}

/// A result in the form in which it is sent.
type Rendered = Result<Vec<u8>, serde_json::Error>;

impl Db {
    /// 200 with what `job` reads.
    pub async fn get<T: Serialize + 'static>(
        &self,
        operation: &'static str,
        job: impl Fn(&mut Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Answer {
        self.read(operation, Weight::Light, job).await
    }

    /// 200 with what `job` reads, by its weight.
    pub async fn read<T: Serialize + 'static>(
        &self,
        operation: &'static str,
        weight: Weight,
        job: impl Fn(&mut Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Answer {
        let done = self.executor.read(operation, weight, job, |value| serde_json::to_vec(&value)).await;
        self.answer(StatusCode::OK, done)
    }

    /// 201 with what `job` stored.
    pub async fn create<T: Serialize + 'static>(
        &self,
        operation: &'static str,
        job: impl FnOnce(&mut Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Answer {
        let done = self.executor.write(operation, job, |value| serde_json::to_vec(&value)).await;
        self.answer(StatusCode::CREATED, done)
    }

    /// 200 with what `job` changed.
    pub async fn update<T: Serialize + 'static>(
        &self,
        operation: &'static str,
        job: impl FnOnce(&mut Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Answer {
        let done = self.executor.write(operation, job, |value| serde_json::to_vec(&value)).await;
        self.answer(StatusCode::OK, done)
    }

    /// 204 once `job` has removed it.
    pub async fn delete(
        &self,
        operation: &'static str,
        job: impl FnOnce(&mut Connection) -> Result<(), StoreError> + Send + 'static,
    ) -> Answer {
        let done = self.executor.write(operation, job, |()| ()).await;
        self.context.add(&done.timing);
        done.result.map(|()| HttpResponse::NoContent().finish()).map_err(ApiError::from)
    }

    fn answer(&self, status: StatusCode, done: Done<Rendered, StoreError>) -> Answer {
        self.context.add(&done.timing);
        match done.result? {
            Ok(body) => Ok(HttpResponseBuilder::new(status).content_type("application/json").body(body)),
            Err(error) => {
                log::error!("an answer could not be serialised: {error}");
                Ok(internal())
            }
        }
    }
}
