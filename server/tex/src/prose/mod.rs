//! Reads a text once from left to right: prose with its TeX, formulas and links.

mod address;
mod command;
mod piece;
mod punctuation;
mod read;
mod reader;

pub(crate) use piece::Piece;
pub(crate) use read::read;
