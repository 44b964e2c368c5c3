//! `/contact/email`

use actix_web::{delete, get, patch, post};

use crate::api::http::openapi::ListParams;
use crate::api::http::path::resource;
use crate::api::{Answer, Body, Db, Id, Params, Routes};
use crate::domain::contact::Contact;
use crate::domain::contact::email::{CreateEmail, Email, UpdateEmail};
use crate::domain::principal::Role::{AmpAdmin, AmpEditor, AmpViewer};
use crate::domain::request::paging::Page;
use crate::store::contact::email;

resource!(Email, email);

/// List mail addresses of contacts.
#[utoipa::path(tag = "contact", params(ListParams), responses((status = 200, body = Page<Email>)))]
#[get("/contact/email")]
async fn list_emails(db: Db, params: Params) -> Answer {
    db.list("list_emails", params, |params| (params.list(), ()), email::find, email::load).await
}

/// List a contact's mail addresses.
#[utoipa::path(tag = "contact", params(ListParams), responses((status = 200, body = Page<Email>)))]
#[get("/contact/{contact_id}/email")]
async fn list_emails_of_contact(key: Id<Contact>, db: Db, params: Params) -> Answer {
    db.list("list_emails_of_contact", params, move |params| (params.list(), key.id), email::find_of, email::load).await
}

/// Store a mail address of a contact.
#[utoipa::path(tag = "contact", request_body = CreateEmail, responses((status = 201, body = Email)))]
#[post("/contact/email")]
async fn create_email(db: Db, body: Body<CreateEmail>) -> Answer {
    db.create("create_email", body, email::create).await
}

/// One mail address.
#[utoipa::path(tag = "contact", responses((status = 200, body = Email)))]
#[get("/contact/email/{email_id}")]
async fn get_email(key: Id<Email>, db: Db) -> Answer {
    db.get("get_email", key, email::get).await
}

/// Change a mail address.
#[utoipa::path(tag = "contact", request_body = UpdateEmail, responses((status = 200, body = Email)))]
#[patch("/contact/email/{email_id}")]
async fn update_email(key: Id<Email>, db: Db, body: Body<UpdateEmail>) -> Answer {
    db.update("update_email", key, body, email::update).await
}

/// Remove a mail address.
#[utoipa::path(tag = "contact", responses((status = 204)))]
#[delete("/contact/email/{email_id}")]
async fn delete_email(key: Id<Email>, db: Db) -> Answer {
    db.delete("delete_email", key, email::delete).await
}

/// The routes of mail addresses.
pub fn routes(routes: &mut Routes) {
    routes
        .add(AmpViewer, list_emails)
        .add(AmpAdmin, create_email)
        .add(AmpViewer, get_email)
        .add(AmpEditor, update_email)
        .add(AmpAdmin, delete_email)
        .add(AmpViewer, list_emails_of_contact);
}
