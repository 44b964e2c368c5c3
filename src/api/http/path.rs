//! Keys in paths.

use std::fmt::Display;
use std::future::{Ready, ready};
use std::marker::PhantomData;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use serde::Serialize;
use uuid::Uuid;

use crate::db::{Session, WriteSession};
use crate::domain::request::fields::{INT_PARSING, NotInteger, UUID_PARSING, parse_integer};
use crate::domain::request::problem::{LocPart, Problem};
use crate::store::StoreError;

use crate::api::ApiError;

/// A resource, for the text of its 404.
pub trait Resource: 'static {
    /// The name in messages.
    const NAME: &'static str;
}

/// A resource whose rows are shown one by one, so that they have an ETag and can be changed and removed on the condition of it.
/// Implemented by what `GET` of the path shows.
#[diagnostic::on_unimplemented(
    message = "nothing says how a row of `{Self}` is read, so it has no ETag",
    note = "`impl Tagged for {Self}` beside its `impl Resource`: its table, and the `get` of its store",
    note = "where no path shows the row, use `change`, `remove` or `create_by` of `Db`"
)]
pub trait Tagged: Resource + Serialize + Send + Sized {
    /// What names a row.
    type Id: Copy + Display + Send + 'static;

    /// One of them, as the path of the request shows it to whoever asks.
    fn get(session: &mut Session<'_>, id: Self::Id) -> Result<Self, StoreError>;

    /// Locks a row for a change, before it is compared with a condition; 404 when it is not there. Where changes take another lock
    /// before that of the row, so must this.
    fn lock(session: &mut WriteSession<'_>, id: Self::Id) -> Result<(), StoreError>;
}

/// What a path names that is shown there.
pub trait RowKey: Key<Value = <Self::Row as Tagged>::Id> {
    /// What is shown.
    type Row: Tagged;
}

impl<M: Tagged<Id = i32>> RowKey for Id<M> {
    type Row = M;
}

impl<M: Tagged<Id = Uuid>> RowKey for Guid<M> {
    type Row = M;
}

/// Declares what a path shows one by one: the type, and the module of the store with its `TABLE` and `get`.
macro_rules! resource {
    ($type:ty, $store:ident) => {
        impl $crate::api::Resource for $type {
            const NAME: &'static str = $store::TABLE.model;
        }

        impl $crate::api::Tagged for $type {
            type Id = i32;

            fn get(session: &mut $crate::db::Session<'_>, id: i32) -> Result<Self, $crate::store::StoreError> {
                $store::get(session, id)
            }

            fn lock(session: &mut $crate::db::WriteSession<'_>, id: i32) -> Result<(), $crate::store::StoreError> {
                $crate::store::query::check::lock_row(session, $store::TABLE, id)
            }
        }
    };
}
pub(in crate::api) use resource;

/// What a path names, as it is handed to the job that works on it.
pub trait Key {
    /// What the job is given.
    type Value: Copy + Send + 'static;

    /// What the path named.
    fn value(&self) -> Self::Value;
}

/// A path that names nothing.
impl Key for () {
    type Value = ();

    fn value(&self) {}
}

/// The key that the path names, of a resource of the kind `M`. No key has more than 32 bits, so a larger number is a row that
/// does not exist: 404.
pub struct Id<M> {
    /// The key.
    pub id: i32,
    model: PhantomData<M>,
}

impl<M: Resource> FromRequest for Id<M> {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(first_key(request, M::NAME).map(|id| Self { id, model: PhantomData }))
    }
}

impl<M: Resource> Key for Id<M> {
    type Value = i32;

    fn value(&self) -> i32 {
        self.id
    }
}

/// The UUID by which the path names a resource of the kind `M`.
pub struct Guid<M> {
    uuid: Uuid,
    model: PhantomData<M>,
}

impl<M: Resource> FromRequest for Guid<M> {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let part = request.match_info().iter().next().ok_or(ApiError::Unreadable);
        ready(part.and_then(|(name, text)| match Uuid::try_parse(text.trim()) {
            Ok(uuid) => Ok(Self { uuid, model: PhantomData }),
            Err(error) => {
                let loc = vec![LocPart::from("path"), LocPart::Name(name.to_owned().into())];
                let message = format!("{UUID_PARSING}, {error}");
                Err(ApiError::Invalid(vec![Problem::new("uuid_parsing", loc, message, text.into())]))
            }
        }))
    }
}

impl<M: Resource> Key for Guid<M> {
    type Value = Uuid;

    fn value(&self) -> Uuid {
        self.uuid
    }
}

/// Two keys, in the order of the path: `/group/{group_id}/things/{thing_id}`.
pub struct Ids<M, N> {
    /// The first key.
    pub first: i32,
    /// The second key.
    pub second: i32,
    models: PhantomData<(M, N)>,
}

impl<M: Resource, N: Resource> FromRequest for Ids<M, N> {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let mut parts = request.match_info().iter();
        let mut next = |model| parts.next().map_or(Err(ApiError::Unreadable), |(name, text)| key(name, text, model));
        let (first, second) = (next(M::NAME), next(N::NAME));
        ready(first.and_then(|first| Ok(Self { first, second: second?, models: PhantomData })))
    }
}

impl<M: Resource, N: Resource> Key for Ids<M, N> {
    type Value = (i32, i32);

    fn value(&self) -> (i32, i32) {
        (self.first, self.second)
    }
}

/// A word that the path names, as it was sent: `/access/destination/{slug}/thing`.
pub struct Word(pub String);

impl FromRequest for Word {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let named = request.match_info().iter().next();
        ready(named.map(|(_, word)| Self(word.to_owned())).ok_or(ApiError::Unreadable))
    }
}

/// A word and a key, in the order of the path: `/history/{resource}/{row_id}`.
pub struct Named {
    /// The word, as it was sent.
    pub name: String,
    /// The key.
    pub id: i32,
}

impl FromRequest for Named {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let mut parts = request.match_info().iter();
        let named = parts.next().zip(parts.next()).ok_or(ApiError::Unreadable);
        ready(named.and_then(|((_, name), (parameter, text))| {
            Ok(Self { name: name.to_owned(), id: key(parameter, text, "Row")? })
        }))
    }
}

fn first_key(request: &HttpRequest, model: &'static str) -> Result<i32, ApiError> {
    let (name, text) = request.match_info().iter().next().ok_or(ApiError::Unreadable)?;
    key(name, text, model)
}

fn key(name: &str, text: &str, model: &'static str) -> Result<i32, ApiError> {
    let missing = || ApiError::Store(StoreError::NotFound { model, id: text.trim().to_owned() });
    match parse_integer(text) {
        Ok(number) => i32::try_from(number).map_err(|_beyond_32_bits| missing()),
        Err(NotInteger::TooLarge) => Err(missing()),
        Err(NotInteger::Syntax) => {
            let loc = vec![LocPart::from("path"), LocPart::Name(name.to_owned().into())];
            Err(ApiError::Invalid(vec![Problem::new("int_parsing", loc, INT_PARSING, text.into())]))
        }
    }
}
