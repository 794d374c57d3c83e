//! Environments of LaTeX as the library knows them.

/// What becomes of an environment.
pub(super) enum Environment<'n> {
    /// Only its content stays.
    Content,
    /// It is set under this name.
    Named(&'n str),
    /// As `Named`. An argument with the number of columns goes.
    WithoutColumns(&'n str),
    /// It is set under this name, with its letters for the alignment of columns.
    Table(&'n str),
}

/// What becomes of the environment `name`. Unknown ones are left to the library.
pub(super) fn environment(name: &str) -> Environment<'_> {
    match name.trim_end_matches('*') {
        "equation" | "displaymath" | "math" | "document" | "minipage" | "center" => Environment::Content,
        "align" | "eqnarray" | "split" | "flalign" | "aligned" | "IEEEeqnarray" => {
            Environment::Named("aligned")
        }
        "alignat" | "alignedat" => Environment::WithoutColumns("aligned"),
        "gather" | "multline" | "gathered" | "multlined" => Environment::Named("gathered"),
        "smallmatrix" | "psmallmatrix" => Environment::Named("matrix"),
        "tabular" => Environment::Table("array"),
        _ if name.is_empty() => Environment::Content,
        _ if matches!(name, "array" | "darray") => Environment::Table(name),
        _ => Environment::Named(name),
    }
}
