//! One formula from TeX to MathML.

mod depth;
mod environments;
mod formula;
mod markup;
mod normalise;
mod scripts;
mod words;

pub(crate) use formula::mathml;
