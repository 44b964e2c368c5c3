//! The handlers' way to the database: a job reads the request, runs store functions and renders the answer, all of it on the
//! blocking thread.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::{FromRequest, HttpRequest, HttpResponse, web};
use serde::Serialize;

use crate::api::Answer;
use crate::api::http::answer::Rendered;
use crate::api::http::body::Body;
use crate::api::http::coding::Accepts;
use crate::api::http::context::RequestContext;
use crate::api::http::error::{ApiError, render_refusal};
use crate::api::http::params::Params;
use crate::api::http::path::Key;
use crate::api::http::state::AppState;
use crate::db::{Ask, Done, Executor, Session, Weight, WriteSession};
use crate::domain::request::form::{FromForm, Parsed};
use crate::store::StoreError;

/// The executor, bound to one request.
pub struct Db {
    pub(in crate::api) executor: Executor,
    pub(in crate::api) state: web::Data<AppState>,
    pub(in crate::api) context: RequestContext,
    params: Params,
}

impl FromRequest for Db {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let state = request.app_data::<web::Data<AppState>>();
        let db = state.zip(RequestContext::of(request)).map(|(state, context)| Self {
            executor: state.executor.clone(),
            state: state.clone(),
            context,
            params: Params::of(request),
        });
        ready(db.ok_or(ApiError::Unreadable))
    }
}

/// The status, or whatever the error asks for; packed for the client.
fn render<T: Serialize>(status: StatusCode, accepts: Accepts) -> impl FnOnce(Result<T, ApiError>) -> Rendered {
    move |result| {
        let rendered = match result {
            Ok(value) if status == StatusCode::CREATED => Rendered::json(status, &value).with_key(),
            Ok(value) => Rendered::json(status, &value),
            Err(error) => error.render(),
        };
        rendered.packed(accepts)
    }
}

impl Db {
    /// 200 with what `job` reads of what the path names. As with the other functions that are given no parameters, those that
    /// narrow are refused.
    pub async fn get<K: Key, T: Serialize + Send + 'static>(
        &self,
        operation: &'static str,
        key: K,
        job: impl Fn(&mut Session<'_>, K::Value) -> Result<T, StoreError> + Send + 'static,
    ) -> Answer {
        let key = key.value();
        self.read(operation, Weight::Light, self.params.unread(), move |session, ()| job(session, key)).await
    }

    /// 200 with what `job` reads, as the query string says.
    pub async fn get_by<P: Send + 'static, T: Serialize + Send + 'static>(
        &self,
        operation: &'static str,
        params: Params,
        ask: impl Fn(&mut Params) -> P + Send + 'static,
        job: impl Fn(&mut Session<'_>, P) -> Result<T, StoreError> + Send + 'static,
    ) -> Answer {
        self.read(operation, Weight::Light, move || params.read(&ask), job).await
    }

    /// 200 with what `job` reads, by its weight.
    pub async fn read<P: Send + 'static, T: Serialize + Send + 'static>(
        &self,
        operation: &'static str,
        weight: Weight,
        prepare: impl Fn() -> Result<P, ApiError> + Send + 'static,
        job: impl Fn(&mut Session<'_>, P) -> Result<T, StoreError> + Send + 'static,
    ) -> Answer {
        let job = move |session: &mut Session<'_>, prepared| Ok(job(session, prepared)?);
        let render = render(StatusCode::OK, self.context.accepts());
        let done = self.executor.read(self.ask(operation, weight), prepare, job, render).await;
        Ok(self.answer(done))
    }

    /// What `job` reads, for more to be done with it before there is an answer; never on a replica.
    pub async fn value<T: Send + 'static>(
        &self,
        operation: &'static str,
        job: impl Fn(&mut Session<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, ApiError> {
        let job = move |session: &mut Session<'_>, ()| Ok::<T, ApiError>(job(session)?);
        let done = self.executor.read_current(self.ask(operation, Weight::Light), || Ok(()), job, |value| value).await;
        self.context.add(&done.timing);
        done.result?
    }

    /// As [`Self::value`], of what `job` looks for to change it: the transaction is committed.
    pub async fn written<T: Send + 'static>(
        &self,
        operation: &'static str,
        job: impl Fn(&mut WriteSession<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, ApiError> {
        let job = move |session: &mut WriteSession<'_>, ()| Ok::<T, ApiError>(job(session)?);
        let done = self.executor.write(self.ask(operation, Weight::Light), || Ok(()), job, |value| value).await;
        self.context.add(&done.timing);
        done.result?
    }

    /// 201 with what `job` stored.
    pub async fn create<B: FromForm + Send + 'static, T: Serialize + Send + 'static>(
        &self,
        operation: &'static str,
        body: Body<B>,
        job: impl Fn(&mut WriteSession<'_>, Parsed<B>) -> Result<T, StoreError> + Send + 'static,
    ) -> Answer {
        let unread = self.params.unread();
        self.write(operation, StatusCode::CREATED, move || unread().and_then(|()| body.read()), job).await
    }

    /// 200 with what `job` changed of what the path names.
    pub async fn update<K: Key, B: FromForm + Send + 'static, T: Serialize + Send + 'static>(
        &self,
        operation: &'static str,
        key: K,
        body: Body<B>,
        job: impl Fn(&mut WriteSession<'_>, K::Value, Parsed<B>) -> Result<T, StoreError> + Send + 'static,
    ) -> Answer {
        let (key, unread) = (key.value(), self.params.unread());
        let job = move |session: &mut WriteSession<'_>, form| job(session, key, form);
        self.write(operation, StatusCode::OK, move || unread().and_then(|()| body.read()), job).await
    }

    /// The given status with what `job` did.
    pub async fn write<P: Send + 'static, T: Serialize + Send + 'static>(
        &self,
        operation: &'static str,
        status: StatusCode,
        prepare: impl Fn() -> Result<P, ApiError> + Send + 'static,
        job: impl Fn(&mut WriteSession<'_>, P) -> Result<T, StoreError> + Send + 'static,
    ) -> Answer {
        let job = move |session: &mut WriteSession<'_>, prepared| Ok(job(session, prepared)?);
        let render = render(status, self.context.accepts());
        let done = self.executor.write(self.ask(operation, Weight::Light), prepare, job, render).await;
        Ok(self.answer(done))
    }

    /// 204 once `job` has removed what the path names.
    pub async fn delete<K: Key>(
        &self,
        operation: &'static str,
        key: K,
        job: impl Fn(&mut WriteSession<'_>, K::Value) -> Result<(), StoreError> + Send + 'static,
    ) -> Answer {
        let key = key.value();
        let job = move |session: &mut WriteSession<'_>, ()| Ok(job(session, key)?);
        let accepts = self.context.accepts();
        let render = move |result: Result<(), ApiError>| match result {
            Ok(()) => Rendered::nothing(),
            Err(error) => error.render().packed(accepts),
        };
        let done = self.executor.write(self.ask(operation, Weight::Light), self.params.unread(), job, render).await;
        Ok(self.answer(done))
    }

    pub(in crate::api) fn ask(&self, operation: &'static str, weight: Weight) -> Ask {
        Ask { operation, weight, asker: self.context.asker() }
    }

    fn answer(&self, done: Done<Rendered>) -> HttpResponse {
        self.context.add(&done.timing);
        HttpResponse::from(done.result.unwrap_or_else(|refusal| render_refusal(&refusal)))
    }
}
