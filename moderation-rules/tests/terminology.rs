//! Terminologies that a company brings: read in their own formats, kept in a lexicon file, suggested as codes.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot read its own files must fail"
)]

use moderation_rules::terminology::import::{self, MeddraFiles};
use moderation_rules::terminology::{Edition, SourceFile, Terminology};
use moderation_rules::{Context, ProductStatus, RuleSet, Screening, Submission};

const EDITION: Edition<'static> = Edition {
    version: "99.0",
    licence: "made for this test; free of any licence",
    joins: None,
};

/// Rows in the format of the distribution; names and codes are invented.
const PT: &str = "\
90000001$Vesper pain$$90009001$$$$$$$$
90000002$Glimmering vision$$90009002$$$$$$$$
";
const LLT: &str = "\
90000001$Vesper pain$90000001$$$$$$$Y$$
90000011$Evening ache of vesper$90000001$$$$$$$Y$$
90000012$Vesper pain NOS$90000001$$$$$$$Y$$
90000013$Vesper colic$90000001$$$$$$$N$$
90000002$Glimmering vision$90000002$$$$$$$Y$$
90000021$Glimmers in sight NOS$90000002$$$$$$$Y$$
";
const MDHIER: &str = "\
90000001$90007001$90008001$90009001$Vesper pain$Vesper disorders$Evening disorders$Disorders of the day$Day$$90009001$Y$
90000001$90007002$90008002$90009003$Vesper pain$Pains$Pains NEC$General disorders$Genrl$$90009001$N$
90000002$90007003$90008003$90009002$Glimmering vision$Glimmers$Sight$Eye disorders$Eye$$90009002$Y$
";

fn meddra_of(llt: &str, pt: &str, mdhier: &str) -> Result<Terminology, String> {
    let file = |name, text| SourceFile { name, text };
    let files = MeddraFiles {
        llt: file("llt.asc", llt),
        pt: file("pt.asc", pt),
        mdhier: Some(file("mdhier.asc", mdhier)),
    };
    import::meddra(&files, &EDITION).map_err(|e| e.to_string())
}

fn rules(terminology: Terminology) -> RuleSet {
    RuleSet::load_with(&RuleSet::shipped_packs(), vec![terminology]).unwrap()
}

fn screened(rules: &RuleSet, body: &str) -> Screening {
    rules.screen(&Submission { title: None, body }, &Context::default())
}

fn codes(rules: &RuleSet, body: &str) -> Vec<(String, String, String)> {
    let terms = screened(rules, body).terms.into_iter();
    terms.map(|t| (t.code, t.concept_code, t.matched)).collect()
}

fn found(code: &str, concept: &str, matched: &str) -> (String, String, String) {
    (code.to_owned(), concept.to_owned(), matched.to_owned())
}

#[test]
fn a_lowest_level_term_is_suggested_with_its_preferred_term_and_class() {
    let rules = rules(meddra_of(LLT, PT, MDHIER).unwrap());
    let text = "Since Monday I have an “evening  ache of VESPER” and glimmers in sight.";
    let terms = screened(&rules, text).terms;
    let [ache, glimmers] = terms.as_slice() else {
        panic!("two terms stand in the text: {terms:?}");
    };
    assert_eq!(
        (ache.source.as_str(), ache.version.as_str()),
        ("MedDRA", "99.0")
    );
    assert_eq!(ache.code, "90000011");
    assert_eq!(ache.name, "Evening ache of vesper");
    assert_eq!(
        (ache.concept_code.as_str(), ache.concept_name.as_str()),
        ("90000001", "Vesper pain")
    );
    assert_eq!(ache.group, "Disorders of the day");
    assert_eq!(
        text.get(ache.start..ache.end),
        Some("evening  ache of VESPER")
    );
    assert_eq!(ache.matched, "evening  ache of VESPER");
    assert_eq!(
        (glimmers.code.as_str(), glimmers.group.as_str()),
        ("90000021", "Eye disorders")
    );
}

#[test]
fn the_longest_current_term_is_suggested_and_each_place_once() {
    let rules = rules(meddra_of(LLT, PT, MDHIER).unwrap());
    assert_eq!(
        codes(&rules, "vesper pain"),
        [found("90000001", "90000001", "vesper pain")]
    );
    assert_eq!(codes(&rules, "a vesper colic"), []);
    assert_eq!(codes(&rules, "no glimmering vision at all").len(), 1);
}

#[test]
fn a_denied_term_says_so() {
    let rules = rules(meddra_of(LLT, PT, MDHIER).unwrap());
    let terms = screened(&rules, "I had no vesper pain.").terms;
    let status: Vec<_> = terms.iter().map(|t| format!("{:?}", t.status)).collect();
    assert_eq!(status, ["[Negated]"]);
}

#[test]
fn a_malformed_row_names_file_line_and_column() {
    let cut = "90000001$Vesper pain$$90009001$$\n90000002$Glimmer\n";
    let refused = meddra_of(LLT, cut, MDHIER).unwrap_err();
    assert!(
        refused.contains("`pt.asc` line 2, column 3 (null_field): the row ends before it"),
        "{refused}"
    );

    let orphan = LLT.replace(
        "90000011$Evening ache of vesper$90000001",
        "90000011$Evening ache of vesper$90000777",
    );
    let refused = meddra_of(&orphan, PT, MDHIER).unwrap_err();
    assert!(
        refused
            .contains("`llt.asc` line 2, column 3 (pt_code): there is no preferred term 90000777"),
        "{refused}"
    );

    let odd = MDHIER.replace("90009002$Y", "90009002$yes");
    let refused = meddra_of(LLT, PT, &odd).unwrap_err();
    assert!(
        refused.contains("`mdhier.asc` line 3, column 12 (primary_soc_fg): `yes`"),
        "{refused}"
    );

    let nameless = LLT.replace("$Glimmering vision$", "$ $");
    let refused = meddra_of(&nameless, PT, MDHIER).unwrap_err();
    assert!(
        refused.contains("`llt.asc` line 5, column 2 (llt_name): it is empty"),
        "{refused}"
    );
}

#[test]
fn every_fault_is_told_up_to_twenty() {
    let rows: String = (0..50)
        .map(|i| format!("x{i}$Name$90000001$$$$$$$Y$$\n"))
        .collect();
    let refused = meddra_of(&rows, PT, MDHIER).unwrap_err();
    assert_eq!(refused.matches("is no number").count(), 20);
}

#[test]
fn the_lexicon_file_gives_back_what_was_imported() {
    let imported = meddra_of(LLT, PT, MDHIER).unwrap();
    let text = imported.to_text();
    let read = Terminology::read("meddra.terms", &text).unwrap();
    assert_eq!(read, imported);
    assert_eq!(read.version(), "99.0");
    assert_eq!(read.licence(), EDITION.licence);
    assert_eq!(read.len(), 5);
}

#[test]
fn a_lexicon_file_that_was_changed_is_refused() {
    let text = meddra_of(LLT, PT, MDHIER).unwrap().to_text();
    for (from, to) in [
        ("Vesper", "Vespa"),
        ("99.0", "99.1"),
        ("term\t90000021", "term\t90000022"),
    ] {
        let refused = Terminology::read("meddra.terms", &text.replacen(from, to, 1)).unwrap_err();
        let told = refused.to_string();
        assert!(
            told.contains("`meddra.terms` line 5, column 2 (sha256)"),
            "{told}"
        );
    }
    let half = text.get(..text.len() / 2).unwrap();
    assert!(Terminology::read("meddra.terms", half).is_err());
    assert!(Terminology::read("meddra.terms", "").is_err());
}

#[test]
fn rxnorm_gives_ingredients_and_brands_in_english_that_are_not_suppressed() {
    let row = |cui: &str, lat: &str, sab: &str, tty: &str, name: &str, suppress: &str| {
        format!("{cui}|{lat}||||||a1||{cui}||{sab}|{tty}|{cui}|{name}||{suppress}|4096|\n")
    };
    let text = [
        row("9000001", "ENG", "RXNORM", "IN", "zelvoritinib", "N"),
        row("9000002", "ENG", "RXNORM", "BN", "Zelvoria", "N"),
        row(
            "9000003",
            "ENG",
            "RXNORM",
            "SCD",
            "zelvoritinib 5 MG Oral Tablet",
            "N",
        ),
        row("9000004", "ENG", "RXNORM", "BN", "Oldvoria", "O"),
        row("9000005", "SPA", "RXNORM", "IN", "zelvoritinibo", "N"),
        row("9000006", "ENG", "OTHER", "IN", "elsewhere", "N"),
    ]
    .concat();
    let file = SourceFile {
        name: "RXNCONSO.RRF",
        text: &text,
    };
    let terminology = import::rxnorm(&file, &EDITION).unwrap();
    assert_eq!(terminology.len(), 2);
    let rules = rules(terminology);
    let terms = screened(&rules, "zelvoritinib, sold as Zelvoria; not Oldvoria").terms;
    let told: Vec<_> = terms
        .iter()
        .map(|t| (t.code.as_str(), t.group.as_str()))
        .collect();
    assert_eq!(told, [("9000001", "ingredient"), ("9000002", "brand name")]);

    let short = text.replacen("|4096|\n", "\n", 1);
    let file = SourceFile {
        name: "RXNCONSO.RRF",
        text: &short,
    };
    let refused = import::rxnorm(&file, &EDITION).unwrap_err().to_string();
    assert!(
        refused.contains("`RXNCONSO.RRF` line 1, column 18 (CVF)"),
        "{refused}"
    );
}

#[test]
fn a_product_list_gives_products_and_their_names() {
    let text = "\
brand,inn,status,indications,aliases,min_age,boxed_warning
Zelvoria,zelvoritinib,approved,\"plaque psoriasis; arthritis, in adults\",Zelvorya;ZLV,18,Infections
HX-4471,,investigational,,,,
";
    let file = SourceFile {
        name: "products.csv",
        text,
    };
    let list = import::product_list(&file).unwrap();
    let [zelvoria, code] = list.as_slice() else {
        panic!("two products are listed");
    };
    assert_eq!(zelvoria.status, ProductStatus::ApprovedBoxedWarning);
    assert_eq!(zelvoria.indication, "plaque psoriasis");
    assert_eq!(zelvoria.indications, ["arthritis, in adults"]);
    assert_eq!(zelvoria.aliases, ["Zelvorya", "ZLV"]);
    assert_eq!(zelvoria.min_age_years, Some(18));
    assert_eq!(code.status, ProductStatus::Investigational);

    let rules = rules(import::products(&file, &EDITION).unwrap());
    let terms = screened(&rules, "zelvorya or hx 4471?").terms;
    let names: Vec<_> = terms.iter().map(|t| t.concept_name.as_str()).collect();
    assert_eq!(names, ["zelvoritinib", "HX-4471"]);
}

#[test]
fn a_malformed_product_list_names_line_and_column() {
    let refused = |text: &str| {
        let file = SourceFile {
            name: "products.csv",
            text,
        };
        import::product_list(&file).unwrap_err().to_string()
    };
    let told = refused("brand,status\nZelvoria,aproved\n");
    assert!(
        told.contains("`products.csv` line 2, column 2 (status): `aproved` is no status"),
        "{told}"
    );
    let told = refused("brand,inn,min_age\nA,b,12\nZelvoria\n");
    assert!(
        told.contains("`products.csv` line 3, column 2 (inn): the row has 1 columns"),
        "{told}"
    );
    let told = refused("brand,colour\nZelvoria,blue\n");
    assert!(
        told.contains("`products.csv` line 1, column 2 (colour)"),
        "{told}"
    );
    for (row, place) in [
        ("b,131,,", "line 2, column 2 (min_age): `131` is no age"),
        ("b,-1,,", "line 2, column 2 (min_age): `-1` is no age"),
        (
            "b,130,lots,",
            "line 2, column 3 (min_dose): `lots` is no dose",
        ),
        (
            "b,0,10 mg,30 years",
            "line 2, column 4 (max_dose): `30 years` is no dose",
        ),
        (
            "b,0,10 mg,1.5 g\nA,,,\nB,,,",
            "line 4, column 1 (brand): `B` is on line 2 too",
        ),
    ] {
        let told = refused(&format!("brand,min_age,min_dose,max_dose\n{row}\n"));
        assert!(told.contains(place), "{told}");
    }
    let told = refused("name\nZelvoria\n");
    assert!(told.contains("has no column `brand`"), "{told}");
}

#[test]
fn names_of_substances_lead_to_their_identifier() {
    let text = "Name\tTYPE\tUNII\tDisplay Name\n\
        ZELVORITINIB\tcn\tZ3LV0R1T1N\tZELVORITINIB\n\
        ZELVORIC ACID 1,3-LACTONE\tsys\tZ3LV0R1T1N\tZELVORITINIB\n";
    let file = SourceFile {
        name: "names.txt",
        text,
    };
    let rules = rules(import::substances(&file, &EDITION).unwrap());
    let told = codes(&rules, "the zelvoric acid 1,3-lactone form");
    assert_eq!(
        told,
        [found(
            "Z3LV0R1T1N",
            "Z3LV0R1T1N",
            "zelvoric acid 1,3-lactone"
        )]
    );

    let broken = text.replace("\tZ3LV0R1T1N\tZELVORITINIB\n\u{20}", "");
    let broken = broken.replacen(
        "ZELVORITINIB\tcn\tZ3LV0R1T1N",
        "ZELVORITINIB\tcn\tZ3LV/R1",
        1,
    );
    let file = SourceFile {
        name: "names.txt",
        text: &broken,
    };
    let refused = import::substances(&file, &EDITION).unwrap_err().to_string();
    assert!(
        refused.contains("`names.txt` line 2, column 3 (3rd): `Z3LV/R1` is no identifier"),
        "{refused}"
    );
}

#[test]
fn the_rule_set_hash_covers_the_terminologies() {
    let bare = RuleSet::shipped().unwrap();
    let one = rules(meddra_of(LLT, PT, MDHIER).unwrap());
    let other = rules(
        meddra_of(
            &LLT.replace("colic", "cramp").replace("$N$", "$Y$"),
            PT,
            MDHIER,
        )
        .unwrap(),
    );
    assert_ne!(bare.hash(), one.hash());
    assert_ne!(one.hash(), other.hash());
    assert_eq!(
        one.hash(),
        rules(meddra_of(LLT, PT, MDHIER).unwrap()).hash()
    );
}

#[test]
fn a_terminology_may_add_its_names_to_a_lexicon_of_the_packs() {
    let edition = Edition {
        joins: Some("reaction_term"),
        ..EDITION
    };
    let file = |name, text| SourceFile { name, text };
    let files = MeddraFiles {
        llt: file("llt.asc", LLT),
        pt: file("pt.asc", PT),
        mdhier: None,
    };
    let joined = rules(import::meddra(&files, &edition).unwrap());
    let text = "I woke up with an evening ache of vesper.";
    let hit = |rules: &RuleSet| {
        screened(rules, text)
            .findings
            .iter()
            .any(|f| f.rule == "AE-001")
    };
    assert!(hit(&joined));
    assert!(!hit(&rules(meddra_of(LLT, PT, MDHIER).unwrap())));

    let edition = Edition {
        joins: Some("no_such_list"),
        ..EDITION
    };
    let terminology = import::meddra(&files, &edition).unwrap();
    let refused = RuleSet::load_with(&RuleSet::shipped_packs(), vec![terminology]);
    let told = refused.err().unwrap().to_string();
    assert!(
        told.contains("there is no lexicon `no_such_list`"),
        "{told}"
    );
}
