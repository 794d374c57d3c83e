//! One formula from TeX to MathML.

mod depth;
mod environments;
mod formula;
mod markup;
mod normalise;
mod repair;
mod scripts;
mod standard;
mod words;

pub(crate) use formula::mathml;
pub(crate) use standard::is_standard;
