//! The handlers' way to the database: a job reads the request, runs store functions and renders the answer, all of it on the
//! blocking thread.

use std::future::{Ready, ready};
use std::io;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::{FromRequest, HttpRequest, HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::Answer;
use crate::api::http::answer::Rendered;
use crate::api::http::body::Body;
use crate::api::http::coding::Accepts;
use crate::api::http::conditional::Conditions;
use crate::api::http::context::RequestContext;
use crate::api::http::error::{ApiError, render_refusal};
use crate::api::http::format::Chosen;
use crate::api::http::idempotency::{Created, Key as RepeatKey, Named, once};
use crate::api::http::params::Params;
use crate::api::http::path::{Key, RowKey, Tagged};
use crate::api::http::state::AppState;
use crate::db::{Ask, Done, Executor, Session, Weight, WriteSession};
use crate::domain::request::form::{FromForm, Parsed};
use crate::import::water_levels::NotKept;
use crate::store::StoreError;
use crate::store::idempotency::Repeatable;

/// The executor, bound to one request.
pub struct Db {
    pub(in crate::api) executor: Executor,
    pub(in crate::api) state: web::Data<AppState>,
    pub(in crate::api) context: RequestContext,
    params: Params,
    conditions: Conditions,
    repeat: RepeatKey,
}

impl FromRequest for Db {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let state = request.app_data::<web::Data<AppState>>();
        let db = state.zip(RequestContext::of(request)).map(|(state, context)| Self {
            executor: state.executor.clone(),
            state: state.clone(),
            params: Params::of(request),
            conditions: Conditions::of(request.headers()),
            repeat: RepeatKey::of(request, &context),
            context,
        });
        ready(db.ok_or(ApiError::Unreadable))
    }
}

/// Whether an answer shows what its path (or `Location`) shows: then it has the same ETag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shows {
    /// Just that.
    Row,
    /// Something else.
    Other,
}

/// The status, or whatever the error asks for; packed for the client.
fn render<T: Serialize>(
    status: StatusCode,
    shows: Shows,
    accepts: Accepts,
) -> impl FnOnce(Result<T, ApiError>) -> Rendered {
    move |result| {
        let rendered = result.map_or_else(|error| error.render(), |value| Rendered::json(status, &value));
        if shows == Shows::Row { rendered.tagged(accepts) } else { rendered }.packed(accepts)
    }
}

/// Reads a body that creates, with the key under which the request may be repeated.
fn with_repeat<B: FromForm>(
    repeat: Option<Named>,
    unread: impl Fn() -> Result<(), ApiError>,
    body: Body<B>,
) -> impl Fn() -> Result<(Option<Repeatable>, Parsed<B>), ApiError> {
    move || {
        unread()?;
        let form = body.read()?;
        Ok((repeat.as_ref().map(|repeat| repeat.with(body.bytes())), form))
    }
}

impl Db {
    /// 200 with what `job` reads of what the path names. As with the other functions that are given no parameters, those that
    /// narrow are refused.
    pub async fn get<K: Key, T: Serialize + ToSchema + Send + 'static>(
        &self,
        operation: &'static str,
        key: K,
        job: impl Fn(&mut Session<'_>, K::Value) -> Result<T, StoreError> + Send + 'static,
    ) -> Answer {
        let key = key.value();
        let job = move |session: &mut Session<'_>, fields| Ok(Chosen { whole: job(session, key)?, fields });
        self.read(operation, Weight::Light, self.params.only_fields::<T>(), job).await
    }

    /// 200 with what `job` reads, as the query string says.
    pub async fn get_by<P: Send + 'static, T: Serialize + ToSchema + Send + 'static>(
        &self,
        operation: &'static str,
        params: Params,
        ask: impl Fn(&mut Params) -> P + Send + 'static,
        job: impl Fn(&mut Session<'_>, P) -> Result<T, StoreError> + Send + 'static,
    ) -> Answer {
        let ask = move || params.read(|params| (ask(params), params.fields::<T>()));
        let job = move |session: &mut Session<'_>, (asked, fields)| Ok(Chosen { whole: job(session, asked)?, fields });
        self.read(operation, Weight::Light, ask, job).await
    }

    /// 200 with what `job` reads, by its weight; 304 when the client has it.
    pub async fn read<P: Send + 'static, T: Serialize + Send + 'static>(
        &self,
        operation: &'static str,
        weight: Weight,
        prepare: impl Fn() -> Result<P, ApiError> + Send + 'static,
        job: impl Fn(&mut Session<'_>, P) -> Result<T, StoreError> + Send + 'static,
    ) -> Answer {
        let (conditions, accepts) = (self.conditions.reading()?, self.context.accepts());
        let job = move |session: &mut Session<'_>, prepared| Ok(job(session, prepared)?);
        let render = move |result: Result<T, ApiError>| {
            let rendered = result.map_or_else(|error| error.render(), |value| Rendered::json(StatusCode::OK, &value));
            rendered.tagged(accepts).on(&conditions).packed(accepts)
        };
        let done = self.executor.read(self.ask(operation, weight), prepare, job, render).await;
        Ok(self.answer(done))
    }

    /// As [`Self::read_as`], light, where nothing of the query string is asked for.
    pub async fn document<T: Send + 'static>(
        &self,
        operation: &'static str,
        content_type: &'static str,
        job: impl Fn(&mut Session<'_>) -> Result<T, StoreError> + Send + 'static,
        write: impl FnOnce(T) -> io::Result<Vec<u8>> + Send + 'static,
    ) -> Answer {
        let job = move |session: &mut Session<'_>, ()| job(session);
        self.read_as((operation, Weight::Light, content_type), || Ok(()), job, write).await
    }

    /// As [`Self::read`], of another type: `write` makes the bytes.
    pub async fn read_as<P: Send + 'static, T: Send + 'static>(
        &self,
        (operation, weight, content_type): (&'static str, Weight, &'static str),
        prepare: impl Fn() -> Result<P, ApiError> + Send + 'static,
        job: impl Fn(&mut Session<'_>, P) -> Result<T, StoreError> + Send + 'static,
        write: impl FnOnce(T) -> io::Result<Vec<u8>> + Send + 'static,
    ) -> Answer {
        let (conditions, accepts) = (self.conditions.reading()?, self.context.accepts());
        let job = move |session: &mut Session<'_>, prepared| Ok(job(session, prepared)?);
        let render = move |result: Result<T, ApiError>| {
            let written = result.and_then(|value| Ok(write(value)?));
            let rendered = written.map(|body| Rendered::bytes(StatusCode::OK, content_type, body));
            let rendered = rendered.unwrap_or_else(|error| error.render());
            rendered.tagged(accepts).on(&conditions).packed(accepts)
        };
        let done = self.executor.read(self.ask(operation, weight), prepare, job, render).await;
        Ok(self.answer(done))
    }

    /// 201 with what `job` stored, as its own path shows it.
    pub async fn create<B: FromForm + Send + 'static, T: Tagged>(
        &self,
        operation: &'static str,
        body: Body<B>,
        job: impl Fn(&mut WriteSession<'_>, Parsed<B>) -> Result<T, StoreError> + Send + 'static,
    ) -> Answer {
        let (repeat, unread) = (self.repeat.read()?, self.params.unread());
        self.store(operation, Shows::Row, with_repeat(repeat, unread, body), job).await
    }

    /// 201 with what `job` stored, where no path shows it.
    pub async fn create_unshown<B: FromForm + Send + 'static, T: Serialize + Send + 'static>(
        &self,
        operation: &'static str,
        body: Body<B>,
        job: impl Fn(&mut WriteSession<'_>, Parsed<B>) -> Result<T, StoreError> + Send + 'static,
    ) -> Answer {
        let (repeat, unread) = (self.repeat.read()?, self.params.unread());
        self.store(operation, Shows::Other, with_repeat(repeat, unread, body), job).await
    }

    /// 201 with what `job` stored, as the query string says; it has no path that would show the same.
    pub async fn create_by<P: Send + 'static, B: FromForm + Send + 'static, T: Serialize + Send + 'static>(
        &self,
        operation: &'static str,
        params: Params,
        ask: impl Fn(&mut Params) -> P + Send + 'static,
        body: Body<B>,
        job: impl Fn(&mut WriteSession<'_>, P, Parsed<B>) -> Result<T, StoreError> + Send + 'static,
    ) -> Answer {
        let repeat = self.repeat.read()?;
        let prepare = move || {
            // A body that is no JSON is refused before anything else.
            let form = body.read()?;
            Ok((repeat.as_ref().map(|repeat| repeat.with(body.bytes())), (params.read(&ask)?, form)))
        };
        let job = move |session: &mut WriteSession<'_>, (asked, form)| job(session, asked, form);
        self.store(operation, Shows::Other, prepare, job).await
    }

    /// 201 with what `job` stored, of which the path says everything.
    pub async fn create_at<K: Key, T: Serialize + Send + 'static>(
        &self,
        operation: &'static str,
        key: K,
        job: impl Fn(&mut WriteSession<'_>, K::Value) -> Result<T, StoreError> + Send + 'static,
    ) -> Answer {
        let (key, repeat, unread) = (key.value(), self.repeat.read()?, self.params.unread());
        let prepare = move || unread().map(|()| (repeat.as_ref().map(|repeat| repeat.with(&[])), key));
        self.store(operation, Shows::Other, prepare, job).await
    }

    /// 201 with what `job` stored and what the answer alone tells: it is not kept, so the request cannot be repeated.
    pub async fn create_secret<B: FromForm + Send + 'static, T: Serialize + Send + 'static>(
        &self,
        operation: &'static str,
        body: Body<B>,
        job: impl Fn(&mut WriteSession<'_>, Parsed<B>) -> Result<T, StoreError> + Send + 'static,
    ) -> Answer {
        self.repeat.refuse("the answer holds a secret and is not kept, so this request cannot be repeated")?;
        let unread = self.params.unread();
        self.store(operation, Shows::Other, move || Ok((None, unread().and_then(|()| body.read())?)), job).await
    }

    /// 201 with what `job` stored now, or when the same request was sent before.
    async fn store<P: Send + 'static, T: Serialize + Send + 'static>(
        &self,
        operation: &'static str,
        shows: Shows,
        prepare: impl Fn() -> Result<(Option<Repeatable>, P), ApiError> + Send + 'static,
        job: impl Fn(&mut WriteSession<'_>, P) -> Result<T, StoreError> + Send + 'static,
    ) -> Answer {
        self.conditions.without_tag()?;
        let accepts = self.context.accepts();
        let job = move |session: &mut WriteSession<'_>, (request, prepared)| {
            once(session, request, |session| job(session, prepared))
        };
        let render = move |result: Result<Created<T>, ApiError>| {
            let rendered = result.map_or_else(|error| error.render(), Created::render);
            if shows == Shows::Row { rendered.tagged(accepts) } else { rendered }.packed(accepts)
        };
        let done = self.executor.write(self.ask(operation, Weight::Light), prepare, job, render).await;
        Ok(self.answer(done))
    }

    /// 200 with what `job` made of the row that the path names, if it is as the request's conditions say.
    pub async fn update<K: RowKey, B: FromForm + Send + 'static>(
        &self,
        operation: &'static str,
        key: K,
        body: Body<B>,
        job: impl Fn(&mut WriteSession<'_>, K::Value, Parsed<B>) -> Result<K::Row, StoreError> + Send + 'static,
    ) -> Answer {
        let (conditions, accepts) = (self.conditions.writing()?, self.context.accepts());
        let (id, unread) = (key.value(), self.params.unread());
        let job = move |session: &mut WriteSession<'_>, form| {
            conditions.require::<K::Row>(session, id, accepts)?;
            Ok(job(session, id, form)?)
        };
        let prepare = move || unread().and_then(|()| body.read());
        let render = render(StatusCode::OK, Shows::Row, accepts);
        let done = self.executor.write(self.ask(operation, Weight::Light), prepare, job, render).await;
        Ok(self.answer(done))
    }

    /// 200 with what `job` changed of what the path names, where no path shows it.
    pub async fn change<K: Key, B: FromForm + Send + 'static, T: Serialize + Send + 'static>(
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

    /// The given status with what `job` did: for what neither creates nor concerns a row that the path names.
    pub async fn write<P: Send + 'static, T: Serialize + Send + 'static>(
        &self,
        operation: &'static str,
        status: StatusCode,
        prepare: impl Fn() -> Result<P, ApiError> + Send + 'static,
        job: impl Fn(&mut WriteSession<'_>, P) -> Result<T, StoreError> + Send + 'static,
    ) -> Answer {
        self.conditions.without_tag()?;
        self.repeat.refuse("answers of this route are not kept, so this request cannot be repeated")?;
        let job = move |session: &mut WriteSession<'_>, prepared| Ok(job(session, prepared)?);
        let render = render(status, Shows::Other, self.context.accepts());
        let done = self.executor.write(self.ask(operation, Weight::Light), prepare, job, render).await;
        Ok(self.answer(done))
    }

    /// What `job` made of a file, heavy: `status` tells by the outcome. The answer is not kept, so there is no key to repeat it by.
    pub async fn load<P: Send + 'static, T: Send + 'static>(
        &self,
        operation: &'static str,
        prepare: impl Fn() -> P + Send + 'static,
        job: impl Fn(&mut WriteSession<'_>, P) -> Result<T, NotKept<T>> + Send + 'static,
        render: impl FnOnce(T) -> Rendered + Send + 'static,
    ) -> Answer {
        self.conditions.without_tag()?;
        self.repeat.refuse("the file can be sent again without harm, so this request needs no key")?;
        let accepts = self.context.accepts();
        let render = move |result: Result<T, NotKept<T>>| {
            let rendered = match result {
                Ok(outcome) | Err(NotKept::Tried(outcome)) => render(outcome),
                Err(NotKept::Failed(error)) => ApiError::from(error).render(),
            };
            rendered.packed(accepts)
        };
        let done = self.executor.write(self.ask(operation, Weight::Heavy), move || Ok(prepare()), job, render).await;
        Ok(self.answer(done))
    }

    /// 204 once `job` has removed the row that the path names, if it is as the request's conditions say.
    pub async fn delete<K: RowKey>(
        &self,
        operation: &'static str,
        key: K,
        job: impl Fn(&mut WriteSession<'_>, K::Value) -> Result<(), StoreError> + Send + 'static,
    ) -> Answer {
        let (conditions, accepts, id) = (self.conditions.writing()?, self.context.accepts(), key.value());
        self.removal(operation, move |session| {
            conditions.require::<K::Row>(session, id, accepts)?;
            Ok(job(session, id)?)
        })
        .await
    }

    /// 204 once `job` has removed what the path names, where no path shows it.
    pub async fn remove<K: Key>(
        &self,
        operation: &'static str,
        key: K,
        job: impl Fn(&mut WriteSession<'_>, K::Value) -> Result<(), StoreError> + Send + 'static,
    ) -> Answer {
        self.conditions.without_tag()?;
        let key = key.value();
        self.removal(operation, move |session| Ok(job(session, key)?)).await
    }

    async fn removal(
        &self,
        operation: &'static str,
        job: impl Fn(&mut WriteSession<'_>) -> Result<(), ApiError> + Send + 'static,
    ) -> Answer {
        let accepts = self.context.accepts();
        let job = move |session: &mut WriteSession<'_>, ()| job(session);
        let render = move |result: Result<(), ApiError>| match result {
            Ok(()) => Rendered::nothing(),
            Err(error) => error.render().packed(accepts),
        };
        let done = self.executor.write(self.ask(operation, Weight::Light), self.params.unread(), job, render).await;
        Ok(self.answer(done))
    }

    pub(in crate::api) fn ask(&self, operation: &'static str, weight: Weight) -> Ask {
        Ask { operation, weight, asker: self.context.asker(), current: false }
    }

    fn answer(&self, done: Done<Rendered>) -> HttpResponse {
        self.context.add(&done.timing);
        HttpResponse::from(done.result.unwrap_or_else(|refusal| render_refusal(&refusal)))
    }
}
