//! `hortus rules import`: a terminology that the company is licensed for becomes a lexicon file.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, Subcommand};
use moderation_rules::terminology::import::{self, MeddraFiles};
use moderation_rules::terminology::{Edition, ImportError, SourceFile, Terminology};

#[derive(Debug, Args)]
pub struct Import {
    #[command(subcommand)]
    source: Source,
}

#[derive(Debug, Subcommand)]
enum Source {
    /// MedDRA, from the folder of its ASCII distribution (llt.asc, pt.asc and, if there, mdhier.asc).
    Meddra {
        /// The folder.
        #[arg(value_name = "FOLDER")]
        from: PathBuf,
        #[command(flatten)]
        edition: EditionWords,
    },
    /// RxNorm, from RXNCONSO.RRF.
    Rxnorm {
        /// The file.
        #[arg(value_name = "FILE")]
        from: PathBuf,
        #[command(flatten)]
        edition: EditionWords,
    },
    /// Names of substances with their identifiers (UNII, IDMP), from a table with a heading.
    ///
    /// Columns between tabs, in any order: a name (`Name`, `Substance Name`, `Product Name`, `Synonym`), an identifier
    /// (`UNII`, `Code`, `Substance ID`, `SMS ID`, `MPID`, `PHPID`); if there, a preferred name (`Display Name`, `PT`) and
    /// a `Type`.
    Substances {
        /// The file.
        #[arg(value_name = "FILE")]
        from: PathBuf,
        #[command(flatten)]
        edition: EditionWords,
    },
    /// The company's own products, from a table with a heading (CSV): the names and status only are used.
    ///
    /// Brand, other names, code and status go into the lexicon file. The other columns are checked, and used for nothing:
    /// rules learn the label from the products of a community.
    ///
    /// Columns, in any order: `brand` (needed), `inn`, `code`, `status` (approved, approved_boxed_warning,
    /// approved_device, investigational), `indications`, `aliases`, `routes` (several between `;`), `min_dose`,
    /// `max_dose`, `min_age`, `max_age` (years), `boxed_warning`.
    Products {
        /// The file.
        #[arg(value_name = "FILE")]
        from: PathBuf,
        #[command(flatten)]
        edition: EditionWords,
    },
}

#[derive(Debug, Args)]
struct EditionWords {
    /// The version of the distribution, such as 27.1.
    #[arg(long)]
    edition: String,
    /// On what terms it may be used here, in a line.
    #[arg(long)]
    licence: String,
    /// The lexicon of the packs that the names are added to, so that rules find them too.
    #[arg(long, value_name = "LEXICON")]
    joins: Option<String>,
    /// The lexicon file to write; it is read with `--terms`.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

impl EditionWords {
    fn edition(&self) -> Edition<'_> {
        Edition {
            version: &self.edition,
            licence: &self.licence,
            joins: self.joins.as_deref(),
        }
    }

    fn write(&self, imported: Result<Terminology, ImportError>) -> anyhow::Result<()> {
        let terminology = imported?;
        self.keep_others()?;
        std::fs::write(&self.out, terminology.to_text())
            .with_context(|| format!("{} cannot be written", self.out.display()))?;
        let (source, version) = (terminology.source(), terminology.version());
        let (names, file) = (terminology.len(), self.out.display());
        let told = format!("{source} {version}: {names} names in {file}\n");
        Ok(crate::cli::print(&told)?)
    }

    /// Refuses to write over a file that is no terminology: it may be the licensed source itself.
    fn keep_others(&self) -> anyhow::Result<()> {
        let Ok(there) = std::fs::read(&self.out) else {
            return Ok(());
        };
        let name = self.out.to_string_lossy();
        let there = String::from_utf8_lossy(&there);
        let of_ours = there.is_empty() || Terminology::read(&name, &there).is_ok();
        anyhow::ensure!(
            of_ours,
            "{name} is there and is no terminology that was imported before; name another file with --out"
        );
        Ok(())
    }
}

impl Import {
    pub fn run(self) -> anyhow::Result<()> {
        match self.source {
            Source::Meddra { from, edition } => {
                let (llt, pt) = (text(&from.join("llt.asc"))?, text(&from.join("pt.asc"))?);
                let hierarchy = from.join("mdhier.asc");
                let mdhier = hierarchy.exists().then(|| text(&hierarchy)).transpose()?;
                let files = MeddraFiles {
                    llt: file("llt.asc", &llt),
                    pt: file("pt.asc", &pt),
                    mdhier: mdhier.as_deref().map(|text| file("mdhier.asc", text)),
                };
                edition.write(import::meddra(&files, &edition.edition()))
            }
            Source::Rxnorm { from, edition } => one(&from, &edition, import::rxnorm),
            Source::Substances { from, edition } => one(&from, &edition, import::substances),
            Source::Products { from, edition } => one(&from, &edition, import::products),
        }
    }
}

/// Reads a distribution of one file.
type Reader = fn(&SourceFile<'_>, &Edition<'_>) -> Result<Terminology, ImportError>;

fn one(from: &Path, edition: &EditionWords, reader: Reader) -> anyhow::Result<()> {
    let (name, text) = (from.to_string_lossy(), text(from)?);
    edition.write(reader(&file(&name, &text), &edition.edition()))
}

fn file<'a>(name: &'a str, text: &'a str) -> SourceFile<'a> {
    SourceFile { name, text }
}

/// The text of a file in UTF-8, with or without its mark, or in the Latin-1 of older distributions.
fn text(path: &Path) -> anyhow::Result<String> {
    let bytes =
        std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let text = String::from_utf8(bytes).unwrap_or_else(|other| {
        let bytes = other.into_bytes();
        bytes.into_iter().map(char::from).collect()
    });
    Ok(text.trim_start_matches('\u{feff}').to_owned())
}
