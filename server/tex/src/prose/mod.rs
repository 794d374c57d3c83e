//! Reads a text once from left to right: prose with its TeX, formulas and links.

mod accent;
mod address;
mod command;
mod mathematics;
mod piece;
mod protection;
mod punctuation;
mod read;
mod reader;

pub(crate) use piece::Piece;
pub(crate) use read::read;
