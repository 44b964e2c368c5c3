//! What a resource's rows are declared by, each column once: how they are read, stored and changed.

/// Declares how rows are read, and what clients see of them:
///
/// ```text
/// row! {
///     /// A row of the table.
///     pub struct SensorRow of sensor as Sensor { id: i32, name: String, model: Option<String> }
/// }
/// ```
///
/// The row's members are columns of the table; those of the wire type have the same names and types.
macro_rules! row {
    ($(#[$meta:meta])* $visibility:vis struct $row:ident of $table:ident as $wire:ident {
        $($column:ident: $type:ty),* $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Clone, diesel::Queryable, diesel::Selectable)]
        #[diesel(table_name = $table, check_for_backend($crate::db::Backend))]
        $visibility struct $row {
            $($visibility $column: $type),*
        }

        impl From<$row> for $wire {
            fn from(row: $row) -> Self {
                Self { $($column: row.$column),* }
            }
        }
    };
}
pub(crate) use row;

/// Declares how rows are stored and changed:
///
/// ```text
/// stored! {
///     deployment: NewDeployment from CreateDeployment, DeploymentChange from UpdateDeployment;
///     taken { notes?: String, recording_interval?: i32 }
///     given { thing_id: i32, sensor_id: i32 }
/// }
/// ```
///
/// `taken` columns come from members of the same name of the forms, `given` ones are handed over; a question mark says that a
/// column may be null. Every row has an id, a release status and who wrote it. This gives
/// `NewDeployment::of(id, form, principal, thing_id, sensor_id)`, storable by `WriteSession::insert`, and
/// `DeploymentChange::of(patch, principal, thing_id, sensor_id)` with `Option`s of what was given.
macro_rules! stored {
    ($table:ident: $new:ident from $create:ty, $change:ident from $update:ty;
     taken { $($columns:tt)* } $(given { $($given:tt)* })?) => {
        $crate::store::query::stored::stored!(@split $table $new ($create) $change ($update)
            [] [] [] [] { $($columns)* , } { $($($given)*)? , });
    };
    // taken columns: [null] [not null]
    (@split $table:ident $new:ident $create:tt $change:ident $update:tt [$($a:tt)*] [$($b:tt)*] $c:tt $d:tt
     { $column:ident ?: $type:ty, $($rest:tt)* } $given:tt) => {
        $crate::store::query::stored::stored!(@split $table $new $create $change $update
            [$($a)* ($column: $type)] [$($b)*] $c $d { $($rest)* } $given);
    };
    (@split $table:ident $new:ident $create:tt $change:ident $update:tt [$($a:tt)*] [$($b:tt)*] $c:tt $d:tt
     { $column:ident: $type:ty, $($rest:tt)* } $given:tt) => {
        $crate::store::query::stored::stored!(@split $table $new $create $change $update
            [$($a)*] [$($b)* ($column: $type)] $c $d { $($rest)* } $given);
    };
    // given columns: [null] [not null]
    (@split $table:ident $new:ident $create:tt $change:ident $update:tt $a:tt $b:tt [$($c:tt)*] [$($d:tt)*]
     { $(,)? } { $column:ident ?: $type:ty, $($rest:tt)* }) => {
        $crate::store::query::stored::stored!(@split $table $new $create $change $update $a $b
            [$($c)* ($column: $type)] [$($d)*] { } { $($rest)* });
    };
    (@split $table:ident $new:ident $create:tt $change:ident $update:tt $a:tt $b:tt [$($c:tt)*] [$($d:tt)*]
     { $(,)? } { $column:ident: $type:ty, $($rest:tt)* }) => {
        $crate::store::query::stored::stored!(@split $table $new $create $change $update $a $b
            [$($c)*] [$($d)* ($column: $type)] { } { $($rest)* });
    };
    (@split $table:ident $new:ident ($create:ty) $change:ident ($update:ty)
     [$(($null:ident: $null_type:ty))*] [$(($not:ident: $not_type:ty))*]
     [$(($given_null:ident: $given_null_type:ty))*] [$(($given:ident: $given_type:ty))*] { $(,)? } { $(,)? }) => {
        /// A row to be stored.
        #[derive(Clone, Debug, diesel::Insertable)]
        #[diesel(table_name = $table, treat_none_as_default_value = false)]
        pub struct $new {
            pub id: i32,
            pub release_status: String,
            pub release_at: Option<chrono::NaiveDate>,
            pub created_by_id: Option<String>,
            pub created_by_name: Option<String>,
            $(pub $null: Option<$null_type>,)*
            $(pub $not: $not_type,)*
            $(pub $given_null: Option<$given_null_type>,)*
            $(pub $given: $given_type,)*
        }

        impl $new {
            #[allow(clippy::too_many_arguments, reason = "one for each given column")]
            pub fn of(
                id: i32,
                form: $create,
                by: &$crate::domain::principal::Principal,
                $($given: $given_type,)*
                $($given_null: Option<$given_null_type>,)*
            ) -> Self {
                Self {
                    id,
                    release_status: form.release_status,
                    release_at: form.release_at,
                    created_by_id: by.id.clone(),
                    created_by_name: by.name.clone(),
                    $($null: form.$null,)*
                    $($not: form.$not,)*
                    $($given_null,)*
                    $($given,)*
                }
            }
        }

        $crate::insertable!($new => $table);

        /// What is to be changed in a row.
        #[derive(Clone, Debug, Default, diesel::AsChangeset)]
        #[diesel(table_name = $table)]
        pub struct $change {
            pub release_status: Option<Option<String>>,
            pub release_at: Option<Option<chrono::NaiveDate>>,
            pub updated_by_id: Option<String>,
            pub updated_by_name: Option<String>,
            $(pub $null: Option<Option<$null_type>>,)*
            $(pub $not: Option<$not_type>,)*
            $(pub $given_null: Option<Option<$given_null_type>>,)*
            $(pub $given: Option<$given_type>,)*
        }

        impl $change {
            #[allow(clippy::too_many_arguments, reason = "one for each given column")]
            pub fn of(
                patch: $update,
                by: &$crate::domain::principal::Principal,
                $($given: Option<$given_type>,)*
                $($given_null: Option<Option<$given_null_type>>,)*
            ) -> Self {
                Self {
                    release_status: patch.release_status.into_change(),
                    release_at: patch.release_at.into_change(),
                    updated_by_id: by.id.clone(),
                    updated_by_name: by.name.clone(),
                    $($null: patch.$null.into_change(),)*
                    $($not: patch.$not,)*
                    $($given_null,)*
                    $($given,)*
                }
            }
        }
    };
}
pub(crate) use stored;
