//! A company's own list of products: CSV with a heading.

use std::collections::BTreeMap;

use super::rows::{Draft, Faults};
use crate::context::{Product, ProductStatus};
use crate::product::dose;
use crate::terminology::{Edition, ImportError, RowFault, SourceFile, Terminology};

/// The columns that are known. `brand` is needed; several aliases, indications or routes are separated by `;`.
const COLUMNS: [&str; 12] = [
    "brand",
    "inn",
    "code",
    "status",
    "indications",
    "aliases",
    "routes",
    "min_dose",
    "max_dose",
    "min_age",
    "max_age",
    "boxed_warning",
];

const STATUSES: [(&str, ProductStatus); 4] = [
    ("approved", ProductStatus::Approved),
    (
        "approved_boxed_warning",
        ProductStatus::ApprovedBoxedWarning,
    ),
    ("approved_device", ProductStatus::ApprovedDevice),
    ("investigational", ProductStatus::Investigational),
];

/// Nobody is older, and no label says so.
const OLDEST: u32 = 130;

struct Listed {
    code: String,
    status: String,
    product: Product,
}

/// Reads the list as the products of a community.
///
/// # Errors
/// [`ImportError`] with file, line and column of each malformed row.
pub fn product_list(file: &SourceFile<'_>) -> Result<Vec<Product>, ImportError> {
    let mut faults = Faults::default();
    let listed = listed(file, &mut faults);
    faults.none()?;
    Ok(listed.into_iter().map(|l| l.product).collect())
}

/// Imports the names of the products: brands, aliases and non-proprietary names.
///
/// # Errors
/// As [`product_list`].
pub fn products(file: &SourceFile<'_>, edition: &Edition<'_>) -> Result<Terminology, ImportError> {
    let mut faults = Faults::default();
    let listed = listed(file, &mut faults);
    let mut draft = Draft::default();
    for Listed {
        code,
        status,
        product,
    } in &listed
    {
        let established = product.established_name.as_deref();
        let key = if code.is_empty() { &product.name } else { code };
        let concept = draft.concept(key, established.unwrap_or(&product.name), status);
        let names = std::iter::once(&product.name).chain(&product.aliases);
        for name in names.map(String::as_str).chain(established) {
            draft.term(code, name, concept);
        }
    }
    draft.finish("products", file, edition, faults)
}

fn listed(file: &SourceFile<'_>, faults: &mut Faults) -> Vec<Listed> {
    let text = file.text.trim_start_matches('\u{FEFF}');
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let fault =
        |line: u64, column: Option<(usize, String)>, problem: String, mend: &str| RowFault {
            file: file.name.to_owned(),
            line: line as usize,
            column,
            problem,
            mend: mend.to_owned(),
        };
    let mut columns: BTreeMap<&str, usize> = BTreeMap::new();
    let heading = reader.headers().cloned().unwrap_or_default();
    for (at, name) in heading.iter().enumerate() {
        match COLUMNS.iter().find(|c| c.eq_ignore_ascii_case(name)) {
            Some(known) => {
                columns.insert(known, at);
            }
            None => {
                let problem = "nobody reads this column".to_owned();
                let mend = format!("take it out, or call it one of {}", COLUMNS.join(", "));
                faults.add(fault(1, Some((at + 1, name.to_owned())), problem, &mend));
            }
        }
    }
    if !columns.contains_key("brand") {
        let problem = "the heading has no column `brand`".to_owned();
        faults.add(fault(1, None, problem, "name the columns in the first row"));
        return Vec::new();
    }
    let mut listed = Vec::new();
    let mut lines: BTreeMap<String, u64> = BTreeMap::new();
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map_or(1, csv::Position::line);
                let (column, problem) = match error.kind() {
                    csv::ErrorKind::UnequalLengths {
                        expected_len, len, ..
                    } => (
                        Some(((*len).min(*expected_len) as usize + 1, String::new())),
                        format!("the row has {len} columns, the heading {expected_len}"),
                    ),
                    other => (None, format!("{other:?}")),
                };
                let column =
                    column.map(|(at, _)| (at, heading.get(at - 1).unwrap_or("none").to_owned()));
                let mend = "write a text with a comma in it between double quotes";
                if faults.add(fault(line, column, problem, mend)) {
                    continue;
                }
                break;
            }
        };
        let line = record.position().map_or(1, csv::Position::line);
        let get = |name: &str| {
            columns
                .get(name)
                .and_then(|at| record.get(*at))
                .unwrap_or_default()
        };
        let product = read(get).and_then(|product| {
            let brand = &product.product.name;
            match lines.insert(brand.to_lowercase(), line) {
                None => Ok(product),
                Some(before) => {
                    let problem = format!("`{brand}` is on line {before} too");
                    Err((
                        "brand",
                        problem,
                        "give each product one row; its other names are `aliases`",
                    ))
                }
            }
        });
        match product {
            Ok(product) => listed.push(product),
            Err((name, problem, mend)) => {
                let column = columns.get(name).map(|at| (at + 1, name.to_owned()));
                if !faults.add(fault(line, column, problem, mend)) {
                    break;
                }
            }
        }
    }
    listed
}

type Refused = (&'static str, String, &'static str);

fn read<'a>(get: impl Fn(&str) -> &'a str) -> Result<Listed, Refused> {
    let brand = get("brand");
    if brand.is_empty() {
        return Err((
            "brand",
            "it is empty".to_owned(),
            "name the product, by its code name if it has no other",
        ));
    }
    let status = match get("status") {
        "" => "approved",
        status => status,
    };
    let warning = get("boxed_warning");
    let Some((_, standing)) = STATUSES.iter().find(|(name, _)| *name == status) else {
        let problem = format!("`{status}` is no status");
        return Err((
            "status",
            problem,
            "write approved, approved_boxed_warning, approved_device or investigational",
        ));
    };
    let age = |name: &'static str| match get(name) {
        "" => Ok(None),
        age => match age.parse().ok().filter(|years| *years <= OLDEST) {
            Some(years) => Ok(Some(years)),
            None => {
                let problem = format!("`{age}` is no age in years");
                Err((name, problem, "write whole years from 0 to 130, or nothing"))
            }
        },
    };
    let dosed = |name: &'static str| match get(name) {
        "" => Ok(None),
        amount if dose(amount.to_lowercase().as_bytes()).is_some() => Ok(Some(amount.to_owned())),
        amount => {
            let problem = format!("`{amount}` is no dose");
            Err((
                name,
                problem,
                "write a number with its unit, such as 10 mg, or nothing",
            ))
        }
    };
    let (min_dose, max_dose) = (dosed("min_dose")?, dosed("max_dose")?);
    let (min_age_years, max_age_years) = (age("min_age")?, age("max_age")?);
    let several = |name: &str| -> Vec<String> {
        let parts = get(name).split(';').map(str::trim);
        parts.filter(|p| !p.is_empty()).map(str::to_owned).collect()
    };
    let named = |name: &str| Some(get(name)).filter(|t| !t.is_empty()).map(str::to_owned);
    let mut uses = several("indications").into_iter();
    let boxed = !warning.is_empty() && *standing == ProductStatus::Approved;
    Ok(Listed {
        code: get("code").to_owned(),
        status: status.to_owned(),
        product: Product {
            name: brand.to_owned(),
            established_name: named("inn"),
            status: if boxed {
                ProductStatus::ApprovedBoxedWarning
            } else {
                *standing
            },
            indication: uses.next().unwrap_or_default(),
            indications: uses.collect(),
            routes: several("routes"),
            min_dose,
            max_dose,
            boxed_warning: named("boxed_warning"),
            aliases: several("aliases"),
            min_age_years,
            max_age_years,
        },
    })
}
