//! Papers: reading one, a page of them, or all.

mod cards;
mod export;
mod page;
mod stored;
