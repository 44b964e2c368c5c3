//! `/thing`

use super::Model;
use crate::domain::thing::Thing;
use crate::store::thing;

impl Model for Thing {
    const NAME: &'static str = thing::MODEL;
}
