//! The words of Broadsheet: papers, listings, searches, heat. Everything here is a pure function or a plain
//! value; it does no I/O and knows no framework, so the server, the browser and every test can use it.

pub mod arxiv;
pub mod calendar;
pub mod category;
pub mod citation;
pub mod cursor;
pub mod edition;
pub mod email;
pub mod job_run;
pub mod listing;
pub mod marks;
pub mod page;
pub mod paper;
pub mod ranking;
pub mod reading;
pub mod rhythm;
pub mod search;
pub mod section;
pub mod suppression;
pub mod text;
pub mod upstream;
pub mod view;

pub use arxiv::ArxivId;
pub use category::Category;
pub use cursor::{Begun, Cursor};
pub use edition::Edition;
pub use email::EmailAddress;
pub use job_run::JobRun;
pub use listing::{Listing, Sort, Window};
pub use marks::Marks;
pub use page::{Newest, Page, PaperPage};
pub use paper::{Paper, PaperKey};
pub use reading::{Density, Marking, Mutes};
pub use rhythm::{Days, Rhythm};
pub use search::SearchQuery;
pub use section::Section;
pub use suppression::Suppression;
pub use upstream::Upstream;
pub use view::View;
