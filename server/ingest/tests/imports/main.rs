//! Imports: files of every kind into the library, and exports of it.

mod damaged;
mod helpers;
mod kinds;
mod large;
mod repeated;
mod streams;
