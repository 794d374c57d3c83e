//! Imports: files of every kind into the library, and exports of it.

mod archives;
mod damaged;
mod encodings;
mod future_dates;
mod helpers;
mod kinds;
mod large;
mod refused;
mod repeated;
mod spellings;
mod streams;
