//! The two bodies of a resource, from one list of its fields.

/// Declares the bodies that store and change a resource:
///
/// ```text
/// bodies! {
///     /// Body of `POST /sensor`.
///     CreateSensor;
///     /// Body of `PATCH /sensor/{sensor_id}`; every field may be absent.
///     UpdateSensor;
///     {
///         /// What it is called.
///         name: String = read::name(255),
///         /// The maker's model.
///         model?: String = read::line(50)
///     }
/// }
/// ```
///
/// A question mark says that a field may be null, `?blank` that blank text counts as null. `or(value)` after the type says what
/// stands for an absent field when the row is stored, and for null where the field may not be null. Fields are read, and their
/// problems listed, in this order; `release_status` comes last. In the changing body a field that may be null is a
/// [`crate::domain::request::form::Patch`], any other an `Option`.
///
/// What the fields of a new record must fulfil together may follow the fields: `create |form| ...`, where each field has its name
/// and may be `None`.
///
/// What is also stored together with its parent has a third body, without the fields that name the parent:
///
/// ```text
/// bodies! {
///     /// Body of `POST /contact/email`.
///     CreateEmail;
///     /// Body of `PATCH /contact/email/{email_id}`; every field may be absent.
///     UpdateEmail;
///     /// A mail address within the body of a contact.
///     CreateContactEmail;
///     below { contact_id: i64 = read::integer }
///     { email: String = email_address }
/// }
/// ```
///
/// `CreateContactEmail::from` takes the rest of a `CreateEmail`.
macro_rules! bodies {
    ($(#[$create_meta:meta])* $create:ident; $(#[$update_meta:meta])* $update:ident; { $($fields:tt)* }
     $(create $check:expr)?) => {
        $crate::domain::request::bodies::bodies!(@ form [$(#[$create_meta])* $create $(; $check)?]
            [$(#[$update_meta])* $update] [] [] [] [] [] $($fields)* ,);
    };
    ($(#[$create_meta:meta])* $create:ident; $(#[$update_meta:meta])* $update:ident;
     $(#[$part_meta:meta])* $part:ident; below { $($parent:tt)* } { $($fields:tt)* }) => {
        $crate::domain::request::bodies::bodies!(@ form [$(#[$create_meta])* $create] [$(#[$update_meta])* $update]
            [] [] [] [] [] $($parent)*, $($fields)* ,);
        $crate::domain::request::bodies::bodies!(@ form [$(#[$part_meta])* $part from $create] []
            [] [] [] [] [] $($fields)* ,);
    };
    (@ $form:ident $create:tt $update:tt [$($create_fields:tt)*] [$($update_fields:tt)*] [$($create_reads:tt)*]
     [$($update_reads:tt)*] [$($names:ident)*]
     $(#[$meta:meta])* $field:ident ?: $type:ident = $read:expr, $($rest:tt)*) => {
        $crate::domain::request::bodies::bodies!(@ $form $create $update
            [$($create_fields)* $(#[$meta])* pub $field: Option<$type>,]
            [$($update_fields)* $(#[$meta])* #[schema(value_type = Option<$type>)]
                pub $field: $crate::domain::request::form::Patch<$type>,]
            [$($create_reads)* let $field = $form.optional(stringify!($field), $read);]
            [$($update_reads)* let $field = $form.patch(stringify!($field), $read);]
            [$($names)* $field] $($rest)*);
    };
    (@ $form:ident $create:tt $update:tt [$($create_fields:tt)*] [$($update_fields:tt)*] [$($create_reads:tt)*]
     [$($update_reads:tt)*] [$($names:ident)*]
     $(#[$meta:meta])* $field:ident ?: $type:ident or($default:expr) = $read:expr, $($rest:tt)*) => {
        $crate::domain::request::bodies::bodies!(@ $form $create $update
            [$($create_fields)* $(#[$meta])* pub $field: Option<$type>,]
            [$($update_fields)* $(#[$meta])* #[schema(value_type = Option<$type>)]
                pub $field: $crate::domain::request::form::Patch<$type>,]
            [$($create_reads)* let $field = $form.patch(stringify!($field), $read).map(|sent| sent.or_absent($default));]
            [$($update_reads)* let $field = $form.patch(stringify!($field), $read);]
            [$($names)* $field] $($rest)*);
    };
    (@ $form:ident $create:tt $update:tt [$($create_fields:tt)*] [$($update_fields:tt)*] [$($create_reads:tt)*]
     [$($update_reads:tt)*] [$($names:ident)*]
     $(#[$meta:meta])* $field:ident: $type:ident or($default:expr) = $read:expr, $($rest:tt)*) => {
        $crate::domain::request::bodies::bodies!(@ $form $create $update
            [$($create_fields)* $(#[$meta])* #[schema(required = false)] pub $field: $type,]
            [$($update_fields)* $(#[$meta])* #[schema(nullable = false)] pub $field: Option<$type>,]
            [$($create_reads)* let $field = $form.or(stringify!($field), $default, $read);]
            [$($update_reads)* let $field = $form.patch_required(stringify!($field), $read);]
            [$($names)* $field] $($rest)*);
    };
    (@ $form:ident $create:tt $update:tt [$($create_fields:tt)*] [$($update_fields:tt)*] [$($create_reads:tt)*]
     [$($update_reads:tt)*] [$($names:ident)*]
     $(#[$meta:meta])* $field:ident ?blank: $type:ident = $read:expr, $($rest:tt)*) => {
        $crate::domain::request::bodies::bodies!(@ $form $create $update
            [$($create_fields)* $(#[$meta])* pub $field: Option<$type>,]
            [$($update_fields)* $(#[$meta])* #[schema(value_type = Option<$type>)]
                pub $field: $crate::domain::request::form::Patch<$type>,]
            [$($create_reads)* let $field = $form.optional(stringify!($field), $read).map($crate::domain::request::form::not_blank);]
            [$($update_reads)* let $field = $form.patch(stringify!($field), $read).map($crate::domain::request::form::Patch::not_blank);]
            [$($names)* $field] $($rest)*);
    };
    (@ $form:ident $create:tt $update:tt [$($create_fields:tt)*] [$($update_fields:tt)*] [$($create_reads:tt)*]
     [$($update_reads:tt)*] [$($names:ident)*]
     $(#[$meta:meta])* $field:ident: $type:ident = $read:expr, $($rest:tt)*) => {
        $crate::domain::request::bodies::bodies!(@ $form $create $update
            [$($create_fields)* $(#[$meta])* pub $field: $type,]
            [$($update_fields)* $(#[$meta])* #[schema(nullable = false)] pub $field: Option<$type>,]
            [$($create_reads)* let $field = $form.required(stringify!($field), $read);]
            [$($update_reads)* let $field = $form.patch_required(stringify!($field), $read);]
            [$($names)* $field] $($rest)*);
    };
    (@ $form:ident [$(#[$create_meta:meta])* $create:ident $(; $check:expr)?] [$(#[$update_meta:meta])* $update:ident]
     [$($create_fields:tt)*] [$($update_fields:tt)*] [$($create_reads:tt)*] [$($update_reads:tt)*] [$($names:ident)*]
     $(,)?) => {
        $crate::domain::request::bodies::bodies!(@create $form [$(#[$create_meta])* $create $(; $check)?]
            [$($create_fields)*] [$($create_reads)*] [$($names)*]);

        $(#[$update_meta])*
        #[derive(Clone, Debug, PartialEq, utoipa::ToSchema)]
        pub struct $update {
            $($update_fields)*
            /// Term of `release_status`.
            #[schema(value_type = Option<String>)]
            pub release_status: $crate::domain::request::form::Patch<String>,
            /// The day from which on it is public, for the status `embargoed`. Absent with another status: cleared.
            #[schema(value_type = Option<String>, format = Date)]
            pub release_at: $crate::domain::request::form::Patch<chrono::NaiveDate>,
        }

        impl $crate::domain::request::form::FromForm for $update {
            fn from_form($form: &mut $crate::domain::request::form::Form<'_>) -> Option<Self> {
                $($update_reads)*
                let (release_status, release_at) = $form.release_change();
                Some(Self { $($names: $names?,)* release_status: release_status?, release_at: release_at? })
            }
        }
    };
    (@ $form:ident [$(#[$part_meta:meta])* $part:ident from $create:ident] []
     [$($create_fields:tt)*] [$($update_fields:tt)*] [$($create_reads:tt)*] [$($update_reads:tt)*] [$($names:ident)*]
     $(,)?) => {
        $crate::domain::request::bodies::bodies!(@create $form [$(#[$part_meta])* $part]
            [$($create_fields)*] [$($create_reads)*] [$($names)*]);

        impl From<$create> for $part {
            fn from(form: $create) -> Self {
                Self { $($names: form.$names,)* release_status: form.release_status, release_at: form.release_at }
            }
        }
    };
    (@create $form:ident [$(#[$create_meta:meta])* $create:ident $(; $check:expr)?]
     [$($create_fields:tt)*] [$($create_reads:tt)*] [$($names:ident)*]) => {
        $(#[$create_meta])*
        #[derive(Clone, Debug, PartialEq, utoipa::ToSchema)]
        pub struct $create {
            $($create_fields)*
            /// Term of `release_status`; `draft` when absent.
            #[schema(required = false)]
            pub release_status: String,
            /// The day from which on it is public, for the status `embargoed`.
            #[schema(value_type = Option<String>, format = Date)]
            pub release_at: Option<chrono::NaiveDate>,
        }

        impl $crate::domain::request::form::FromForm for $create {
            fn from_form($form: &mut $crate::domain::request::form::Form<'_>) -> Option<Self> {
                $($create_reads)*
                $(($check)(&mut *$form);)?
                let (release_status, release_at) = $form.release();
                Some(Self { $($names: $names?,)* release_status: release_status?, release_at: release_at? })
            }
        }
    };
}
pub(crate) use bodies;
