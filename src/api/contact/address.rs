//! `/contact/address`

use actix_web::{delete, get, patch, post};

use crate::api::http::openapi::ListParams;
use crate::api::http::path::resource;
use crate::api::{Answer, Body, Db, Id, Params, Routes};
use crate::domain::contact::Contact;
use crate::domain::contact::address::{Address, CreateAddress, UpdateAddress};
use crate::domain::principal::Role::{AmpAdmin, AmpEditor, AmpViewer};
use crate::domain::request::paging::Page;
use crate::store::contact::address;

resource!(Address, address);

/// List postal addresses of contacts.
#[utoipa::path(tag = "contact", params(ListParams), responses((status = 200, body = Page<Address>)))]
#[get("/contact/address")]
async fn list_addresses(db: Db, params: Params) -> Answer {
    db.list("list_addresses", params, |params| (params.list(), ()), address::find, address::load).await
}

/// List a contact's postal addresses.
#[utoipa::path(tag = "contact", params(ListParams), responses((status = 200, body = Page<Address>)))]
#[get("/contact/{contact_id}/address")]
async fn list_addresses_of_contact(key: Id<Contact>, db: Db, params: Params) -> Answer {
    db.list("list_addresses_of_contact", params, move |params| (params.list(), key.id), address::find_of, address::load)
        .await
}

/// Store a postal address of a contact.
#[utoipa::path(tag = "contact", request_body = CreateAddress, responses((status = 201, body = Address)))]
#[post("/contact/address")]
async fn create_address(db: Db, body: Body<CreateAddress>) -> Answer {
    db.create("create_address", body, address::create).await
}

/// One postal address.
#[utoipa::path(tag = "contact", responses((status = 200, body = Address)))]
#[get("/contact/address/{address_id}")]
async fn get_address(key: Id<Address>, db: Db) -> Answer {
    db.get("get_address", key, address::get).await
}

/// Change a postal address.
#[utoipa::path(tag = "contact", request_body = UpdateAddress, responses((status = 200, body = Address)))]
#[patch("/contact/address/{address_id}")]
async fn update_address(key: Id<Address>, db: Db, body: Body<UpdateAddress>) -> Answer {
    db.update("update_address", key, body, address::update).await
}

/// Remove a postal address.
#[utoipa::path(tag = "contact", responses((status = 204)))]
#[delete("/contact/address/{address_id}")]
async fn delete_address(key: Id<Address>, db: Db) -> Answer {
    db.delete("delete_address", key, address::delete).await
}

/// The routes of postal addresses.
pub fn routes(routes: &mut Routes) {
    routes
        .add(AmpViewer, list_addresses)
        .add(AmpAdmin, create_address)
        .add(AmpViewer, get_address)
        .add(AmpEditor, update_address)
        .add(AmpAdmin, delete_address)
        .add(AmpViewer, list_addresses_of_contact);
}
