//! What the rules do when a text is in a language that they do not read.

#[path = "support/zelvoria.rs"]
mod zelvoria;

use moderation_rules::{Context, Submission, Verdict};
use zelvoria::{RULES, patients, screen};

fn unread(body: &str) -> bool {
    let screening = screen(body, &patients());
    assert!(screening.technical_reason.is_none() || screening.verdict != Verdict::Clear);
    screening.technical_reason.is_some()
}

#[test]
fn a_text_in_another_script_is_held_for_a_person() {
    for body in [
        "После укола у меня болит голова.",
        "打完针以后我头很疼。",
        "注射のあと頭がとても痛いです。",
        "بعد الحقنة أشعر بصداع شديد",
        "इंजेक्शन के बाद सिर में दर्द है",
        "주사를 맞은 뒤 머리가 아파요",
        "หลังฉีดยาปวดหัวมาก",
        "Μετά την ένεση πονάει το κεφάλι μου",
        "Good morning to all of you, and thank you for the kind welcome here.\n\nПосле укола у меня болит голова.",
    ] {
        assert!(unread(body), "{body}");
    }
}

#[test]
fn a_text_in_another_language_is_held_for_a_person() {
    for body in [
        "Bu ilacı üç haftadır kullanıyorum ve dün geceden beri başım dönüyor, midem bulanıyor ve kollarımda kızarıklık çıktı",
        "Tôi dùng thuốc này được ba tuần và từ hôm qua tôi bị nổi mẩn đỏ ở tay, buồn nôn và chóng mặt nhiều",
        "Három hete szedem ezt a gyógyszert és tegnap óta nagyon szédülök, hányingerem van és kiütések jelentek meg a karomon",
        "Olen käyttänyt tätä lääkettä kolme viikkoa ja eilen illalla sain ihottumaa käsiini ja minua alkoi huimata kovasti",
        "Nimekuwa nikitumia dawa hii kwa wiki tatu na tangu jana nina kichefuchefu na upele kwenye mikono yangu",
        "Tatlong linggo ko nang iniinom ang gamot na ito at mula kahapon ay nahihilo ako at may pantal sa aking mga braso",
        "Llevo tres semanas con el tratamiento y ayer por la noche me salió un sarpullido en los brazos, además de náuseas y mareos",
        "Mi madre empezó a tomar la pastilla hace un mes y ahora tiene la cara hinchada, no puede dormir y el médico no sabe la causa",
        "Iau acest medicament de trei săptămâni și de ieri am o erupție pe brațe, greață și amețeli foarte puternice",
        "Beru tento lék tři týdny a od včerejška mám vyrážku na rukou, je mi špatně a motá se mi hlava",
        "Saya sudah minum obat ini selama tiga minggu dan sejak kemarin muncul ruam di lengan saya serta mual dan pusing",
        "Hello all, this is what my mother wrote to me about it last week.\n\nNimekuwa nikitumia dawa hii kwa wiki tatu na tangu jana nina kichefuchefu na upele kwenye mikono yangu",
    ] {
        assert!(unread(body), "{body}");
    }
}

#[test]
fn terse_english_lists_names_and_signs_are_read() {
    for body in [
        "Thanks all.",
        "The α-blocker and the β-blocker, at 5 µg, with Δ 0.3: λ and κ chains were fine for me.",
        "My grandmother says спасибо большое to all of you for the kind words.",
        "Metformin, lisinopril, atorvastatin, aspirin, clopidogrel, metoprolol, furosemide, spironolactone, insulin, gabapentin, sertraline, omeprazole, folic acid",
        "Metformin 500 mg\nLisinopril 10 mg\nAtorvastatin 40 mg\nAspirin 81 mg\nClopidogrel 75 mg\nMetoprolol 25 mg\nFurosemide 20 mg",
        "Na 138 K 4.2 Cl 101 HCO3 24 BUN 14 Cr 0.9 Glu 98 WBC 7.1 Hgb 13.2 Plt 240 AST 22 ALT 19",
        "Denies CP SOB palpitations orthopnea PND edema claudication syncope presyncope fever chills cough sputum",
        "Well appearing, no acute distress. Lungs clear bilaterally. Heart regular, no murmurs. Abdomen soft, nontender, nondistended. Extremities warm, no edema.",
        "Skin clearing nicely, sleeping better, less itching, more energy, no headaches, no nausea, happy so far",
        "Maria Gonzalez, Pedro Alvarez, Nguyen Van Thanh, Kowalski Jan, Yilmaz Ayse, Virtanen Matti, Szabo Istvan",
        "[the trial](https://registry.example/studien/ergebnisse/patienten/langzeit/sicherheit/wirksamkeit/dosis/anhang/tabelle/sieben/acht/neun)",
        "HTN DM2 CKD3 CAD CABG PCI COPD OSA GERD BPH OA DVT PE AFIB CHF",
    ] {
        assert!(!unread(body), "{body}");
    }
}

#[test]
fn a_language_that_is_named_and_is_not_english_holds_the_text() {
    let unread = |language: &str| {
        let context = Context {
            language: language.to_owned(),
            ..patients()
        };
        let submission = Submission {
            title: None,
            body: "Danke.",
        };
        RULES.screen(&submission, &context).technical_reason
    };
    for english in ["en", "en-GB", "EN_us", "und", ""] {
        assert_eq!(unread(english), None, "{english}");
    }
    assert!(unread("de-AT").is_some_and(|reason| reason.contains("`de-AT`")));
    assert!(unread("fr").is_some());
}
