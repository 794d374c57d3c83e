//! A run of two programs in turn: what the first costs as a multiple of the second.
//!
//! Both servers run at once on the same core, but only one is asked at a time. Their windows are cut into slices that
//! alternate, and the order changes with every pair, so changes of the machine cancel out.

use crate::{
    database::remove_database,
    figures::{Figure, MEMORY, PAPERS, cost, measures, median, trouble},
    generator::{self, Input},
    library::{Program, Server},
    load::{self, Sample},
    process::{Cores, Others, anonymous_megabytes, larger},
    report::{Report, described},
    settings::{Settings, Size},
    table,
    targets::{self, NAMES, Target},
};

/// Measures, prints the table and writes the JSON file.
pub async fn run(settings: &Settings) -> anyhow::Result<()> {
    let Some(against) = &settings.against else {
        anyhow::bail!("BENCH_AGAINST names the second program of a paired run");
    };
    let programs = [
        Program::find(&settings.binary, settings.site_root.as_deref())?,
        Program::find(against, settings.against_site_root.as_deref())?,
    ];
    let cores = Cores::divide()?;
    let others = Others::watch();
    let mut report = Report::new(&programs[0], &cores, settings);
    report.against = Some(described(&programs[1]));
    report.pairs = settings.pairs;
    for size in &settings.sizes {
        let input = generator::input(settings, *size)?;
        report.add_size(*size, &input.facts);
        let mut figures = Figures {
            size: size.to_string(),
            all: Vec::new(),
        };
        for pair in 0..settings.pairs {
            eprintln!("{size}: pair {} of {} ...", pair + 1, settings.pairs);
            let pair = Pair {
                settings,
                cores: &cores,
                programs: &programs,
                input: &input,
                size: *size,
                swapped: pair % 2 == 1,
            };
            pair.measure(&mut figures).await?;
        }
        report
            .figures
            .extend(figures.all.into_iter().map(Collected::finish));
    }
    report.others = others.part();
    table::print(&report);
    report.write(settings)
}

/// A figure under construction: the values of both programs in every pair.
struct Collected {
    figure: Figure,
    values: Vec<[f64; 2]>,
}

impl Collected {
    fn finish(self) -> Figure {
        let higher = self.figure.higher_is_better;
        let side = |side: usize| median(&self.values.iter().map(|values| values[side]).collect::<Vec<_>>());
        let pairs: Vec<f64> = self
            .values
            .iter()
            .map(|[value, other]| cost(higher, *value, *other))
            .collect();
        if pairs.is_empty() {
            return self.figure;
        }
        Figure {
            value: Some(side(0)),
            limit: Some(side(1)),
            ratio: Some(median(&pairs)),
            against: Some("baseline".to_owned()),
            pairs,
            ..self.figure
        }
    }
}

struct Figures {
    size: String,
    all: Vec<Collected>,
}

impl Figures {
    fn add(
        &mut self,
        name: &str,
        connections: usize,
        measure: &str,
        values: [Option<f64>; 2],
        note: Option<String>,
    ) {
        let figure = Figure::new(name, &self.size, connections, measure, None);
        let place = self
            .all
            .iter()
            .position(|known| known.figure.key() == figure.key());
        let collected = match place {
            Some(place) => &mut self.all[place],
            None => {
                self.all.push(Collected {
                    figure,
                    values: Vec::new(),
                });
                let last = self.all.len() - 1;
                &mut self.all[last]
            }
        };
        if let [Some(value), Some(other)] = values {
            collected.values.push([value, other]);
        }
        if note.is_some() {
            collected.figure.note = note;
        }
    }

    fn add_samples(&mut self, name: &str, connections: usize, [sample, other]: &[Sample; 2]) {
        let mut notes: Vec<String> = trouble(sample);
        notes.extend(trouble(other).into_iter().map(|note| format!("baseline: {note}")));
        let note = (!notes.is_empty()).then(|| notes.join("; "));
        for ((measure, value), (_, other)) in measures(sample).into_iter().zip(measures(other)) {
            self.add(name, connections, measure, [value, other], note.clone());
        }
    }
}

/// One pair at one size.
struct Pair<'a> {
    settings: &'a Settings,
    cores: &'a Cores,
    programs: &'a [Program; 2],
    input: &'a Input,
    size: Size,
    /// The second program is measured first.
    swapped: bool,
}

impl Pair<'_> {
    /// The order in which the programs are measured.
    fn order(&self) -> [usize; 2] {
        if self.swapped { [1, 0] } else { [0, 1] }
    }

    async fn measure(&self, figures: &mut Figures) -> anyhow::Result<()> {
        let servers = [self.server(0, "a").await?, self.server(1, "b").await?];
        let mut most = [None, None];
        for name in NAMES.into_iter().filter(|name| self.settings.wants(name)) {
            if let Err(error) = self.target(name, &servers, figures).await {
                let note = Some(format!("not measured: {error:#}"));
                figures.add(name, 0, crate::figures::P50, [None, None], note);
            }
            for (most, server) in most.iter_mut().zip(&servers) {
                *most = larger(*most, anonymous_megabytes(server.running.id()));
            }
        }
        if self.settings.wants("memory") {
            figures.add("memory", 0, MEMORY, most, None);
        }
        drop(servers);
        if self.settings.wants("import") {
            self.import(figures)?;
        }
        Ok(())
    }

    async fn server(&self, which: usize, name: &str) -> anyhow::Result<Server> {
        let program = &self.programs[which];
        let library = program.library(self.settings, self.cores, self.size, self.input)?;
        program.serve(self.settings, self.cores, &library, name).await
    }

    async fn target(&self, name: &str, servers: &[Server; 2], figures: &mut Figures) -> anyhow::Result<()> {
        let build = async |server| targets::build(name, server, &self.input.facts).await;
        let both: [Target; 2] = [build(&servers[0]).await?, build(&servers[1]).await?];
        for connections in self.settings.connections.iter().copied() {
            let sides = [&both[0].side, &both[1].side];
            let samples = load::alternate(sides, self.order(), connections, self.settings.window()).await?;
            figures.add_samples(name, connections, &samples);
        }
        Ok(())
    }

    fn import(&self, figures: &mut Figures) -> anyhow::Result<()> {
        let database = self.settings.subfolder("work")?.join("imported.db");
        let (mut rates, mut megabytes) = ([None, None], [None, None]);
        for which in self.order() {
            let imported = self.programs[which].import(self.cores, self.input, &database)?;
            rates[which] = Some(imported.papers as f64 / imported.seconds);
            megabytes[which] = imported.megabytes;
        }
        remove_database(&database)?;
        figures.add("import", 0, PAPERS, rates, None);
        figures.add("import", 0, MEMORY, megabytes, None);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::P50;

    #[test]
    fn a_figure_is_the_median_of_the_ratios_of_its_pairs() {
        let mut figures = Figures {
            size: "10k".into(),
            all: Vec::new(),
        };
        for values in [[10.0, 10.0], [30.0, 10.0], [22.0, 20.0]] {
            figures.add("front page", 1, P50, values.map(Some), None);
        }
        let figure = figures.all.remove(0).finish();
        assert_eq!((figure.value, figure.limit), (Some(22.0), Some(10.0)));
        assert_eq!(figure.pairs, [1.0, 3.0, 1.1]);
        assert_eq!(figure.ratio, Some(1.1));
    }
}
