//! A run of one program: every figure beside its limit.

use crate::{
    figures::{Figure, MEMORY, PAPERS, beside_query, beside_sample},
    generator::{self, Input},
    library::Program,
    limits::Bare,
    load,
    process::{Cores, Others, anonymous_megabytes, larger},
    raw,
    report::Report,
    settings::{Settings, Size},
    table,
    targets::{self, DEEP, Limit, NAMES, SHALLOW, Target},
};

/// Measures, prints the table and writes the JSON file.
pub async fn run(settings: &Settings) -> anyhow::Result<()> {
    let program = Program::find(&settings.binary, settings.site_root.as_deref())?;
    let cores = Cores::divide()?;
    let others = Others::watch();
    let mut report = Report::new(&program, &cores, settings);
    for size in &settings.sizes {
        let input = generator::input(settings, *size)?;
        report.add_size(*size, &input.facts);
        let mut round = Round {
            settings,
            cores: &cores,
            program: &program,
            input: &input,
            size: *size,
            listener_megabytes: None,
            figures: Vec::new(),
        };
        round.measure().await?;
        report.figures.append(&mut round.figures);
    }
    report.others = others.part();
    table::print(&report);
    report.write(settings)
}

/// The figures of one size.
struct Round<'a> {
    settings: &'a Settings,
    cores: &'a Cores,
    program: &'a Program,
    input: &'a Input,
    size: Size,
    /// Memory of the bare listener.
    listener_megabytes: Option<f64>,
    figures: Vec<Figure>,
}

impl Round<'_> {
    async fn measure(&mut self) -> anyhow::Result<()> {
        let library = self
            .program
            .library(self.settings, self.cores, self.size, self.input)?;
        let server = self
            .program
            .serve(self.settings, self.cores, &library, "a")
            .await?;
        let mut most = anonymous_megabytes(server.running.id());
        for name in NAMES.into_iter().filter(|name| self.settings.wants(name)) {
            eprintln!("{}: {name} ...", self.size);
            let measured = match targets::build(name, &server, &self.input.facts).await {
                Ok(target) => self.target(name, &target).await,
                Err(error) => Err(error),
            };
            if let Err(error) = measured {
                self.figures
                    .push(Figure::missing(name, &self.size.to_string(), &error));
            }
            most = larger(most, anonymous_megabytes(server.running.id()));
        }
        if self.settings.wants("memory") {
            let figure = Figure::new("memory", &self.size.to_string(), 0, MEMORY, most);
            self.figures
                .push(figure.beside("bare listener", self.listener_megabytes));
        }
        drop(server);
        if self.settings.wants("import")
            && let Err(error) = self.import(&library)
        {
            self.figures
                .push(Figure::missing("import", &self.size.to_string(), &error));
        }
        Ok(())
    }

    /// The windows of one target, in turn with those of its limit.
    async fn target(&mut self, name: &str, target: &Target) -> anyhow::Result<()> {
        let size = self.size.to_string();
        let window = self.settings.window();
        let (against, bare) = self.bare(target).await?;
        for connections in self.settings.connections.iter().copied() {
            let [limit, sample] =
                load::alternate([&bare.side, &target.side], [0, 1], connections, window).await?;
            let mut figures = beside_sample(name, &size, connections, &sample, against, &limit);
            if name == DEEP {
                figures.extend(self.beside_shallow(connections, &figures));
            }
            self.figures.append(&mut figures);
            if let (Some(query), 1) = (&target.raw, connections) {
                let library = self
                    .program
                    .library(self.settings, self.cores, self.size, self.input)?;
                match raw::raw_query(&library, query, window) {
                    Ok(times) => self
                        .figures
                        .extend(beside_query(name, &size, connections, &sample, &times)),
                    Err(error) => {
                        let mut figure = Figure::missing(name, &size, &error);
                        figure.against = Some("raw query".to_owned());
                        self.figures.push(figure);
                    }
                }
            }
        }
        if target.limit == Limit::Static {
            self.listener_megabytes = larger(self.listener_megabytes, bare.megabytes());
        }
        Ok(())
    }

    /// The bare listener of a target, and its name.
    async fn bare(&self, target: &Target) -> anyhow::Result<(&'static str, Bare)> {
        let requests = &target.side.requests;
        Ok(match target.limit {
            Limit::Static => (
                "static body",
                Bare::body(self.cores, requests, &target.encoding, target.bytes).await?,
            ),
            Limit::Commit => {
                let database = self.settings.subfolder("work")?.join("commits.db");
                let synchronous = &self.settings.synchronous;
                (
                    "bare commit",
                    Bare::commits(self.cores, requests, &database, synchronous).await?,
                )
            }
        })
    }

    /// The deep page beside the page at depth 1, which has as many papers.
    fn beside_shallow(&self, connections: usize, deep: &[Figure]) -> Vec<Figure> {
        let shallow = |measure: &str| {
            self.figures.iter().find(|figure| {
                (figure.name.as_str(), figure.connections, figure.measure.as_str())
                    == (SHALLOW, connections, measure)
            })
        };
        deep.iter()
            .filter_map(|figure| {
                let limit = shallow(&figure.measure)?.value;
                Some(figure.clone().beside("page 2", limit))
            })
            .collect()
    }

    fn import(&mut self, library: &std::path::Path) -> anyhow::Result<()> {
        eprintln!("{}: import ...", self.size);
        let size = self.size.to_string();
        let work = self.settings.subfolder("work")?;
        let limit = raw::bulk_insert(library, &work.join("bulk.db"));
        let imported = self
            .program
            .import(self.cores, self.input, &work.join("imported.db"))?;
        crate::database::remove_database(&work.join("imported.db"))?;
        let mut figure = Figure::new(
            "import",
            &size,
            0,
            PAPERS,
            Some(imported.papers as f64 / imported.seconds),
        );
        figure = figure.beside("bulk insert", limit.as_ref().ok().copied());
        if let Err(error) = limit {
            figure.note = Some(format!("no limit: {error:#}"));
        }
        self.figures.push(figure);
        self.figures
            .push(Figure::new("import", &size, 0, MEMORY, imported.megabytes));
        Ok(())
    }
}
