//! What is posted: texts of about the length that members write.

/// A text of 1 KB in which the rules find nothing, so that it can be released without a disposition.
pub const BODY: &str = "How do you arrange the first appointment when somebody moves into your district in the middle \
of a school year? We used to send the forms by post three weeks ahead, and half of them came back without the page \
on emergency contacts. Since spring the front desk goes through the pages on the telephone and books a double slot, \
so that there is time for questions, for the health card and for the letter from the colleague before us. It \
takes twelve minutes on the telephone and saves about twenty in the room. What is still missing is the hand-over of \
older records: they arrive as pictures of paper, in no order, and nobody has the hour it takes to sort them. A \
colleague in the north lets the families sort the pages themselves in the waiting room, with coloured clips for \
letters, laboratory and imaging, and swears by it. Has anybody tried that, and does it hold when the waiting room is \
full on a Monday? I would also like to hear how you tell the schools, and who in your team does it.";

/// Another of that length, in which the rules find something to hold: praise without balance, and a reaction.
pub const PRAISE: &str = "After two years with our small group I can say that this is the best and safest treatment \
that we ever had on the ward, with no side effects worth the word, and I tell every colleague who asks to change over \
at once. We begin on a Tuesday, so that the nurse can telephone on Thursday, and we keep the paper diary because the \
families prefer it to any screen. The diary has a column for sleep, one for school and one for whatever else comes to \
mind, and that last column is the one I read first. Out of some forty people only a handful stopped, mostly because \
they moved away and their new practice wanted to begin from the beginning. The insurer asks for a letter every six \
months; a template for it lies in the shared folder, and whoever improves it should say so here. I am not paid by \
anybody for writing this. If you wonder about the start in winter: we did not see any difference, and the travel is \
the harder part, with the buses as they are on the hill road after snow.";

/// A third one, which reports a reaction.
pub const REACTION: &str = "A patient of mine, 34 years old, took the evening dose for nine days and then had a rash on \
both arms and felt dizzy enough to stay at home; it went away four days after she stopped. I had told her to expect \
to be tired, not this. She has no allergy that anybody knows of, drinks little, and takes nothing else apart from \
iodine. The picture she sent shows small red spots, no blisters, nothing in the face. I am writing because a \
colleague down the road told me of something alike in the same month, and because the two of us would like to know \
whether the batch has anything to do with it. The box is still there, and she is willing to bring it along. We keep \
the number of the batch in the record since last year, which was a good idea of the pharmacist's. I shall telephone \
her again on Friday and write here what she says. Until then she stays without, and we look at the blood count, \
which was ordinary in the spring when she came for the first time, and at the liver.";

/// What is posted, in turns.
pub const MIXED: [&str; 4] = [BODY, PRAISE, BODY, REACTION];
