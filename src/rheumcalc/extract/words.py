"""The vocabulary of clinical prose that tells counts from other numbers: units, labels, verbs, people, events."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Units: the number before one measures and does not count.
UNITS = _words(
    "Da EUR GBP Gy Hz IU J L METs MU N Nm RM SD SDs SE Sv U USD W a.m. am bpm cGy cal cm cmH2O copies cycles d dL "
    "day days decade decades degrees dl dollars euros fold g h hour hours hr hrs kDa kHz kJ kN kPa kW kcal kg km l "
    "liters litres log log10 m mEq mGy mL mM mSv mU mcg meters metres mg min mins minute minutes ml mm mmHg mmol mo "
    "mol month months nM ng nm nmol o'clock p.m. percentage pg pm pmol points pounds ppm rad rpm s sec second "
    "seconds secs times units week weeks wk wks x y year years yr yrs ° °C µL µM µg µl µm µmol × μL μM μg μl μm "
    "μmol"
)

#: Words whose number is a name, not a count: `week 12`, `grade 3`, `PASI 75`.
LABELS = _words(
    "above acr age aged ages aim appendix area arm arms asas asdas basdai below bi-rads box categories category cd "
    "center centre chapter chromosome cin class classes codon cohort cohorts component covid covid-19 criteria "
    "criterion ctcae cycle cycles das das28 day days decile dlqi domain dose doses dsm easi ecog eq equation every "
    "exceeding exon experiment factor fibrosis fig figs figure genotype genotypes grade grades group groups haq "
    "hour hours hpv hypothesis icd icd-10 icd-9 ifn iga ige igg il issue item items least level levels mean median "
    "mmas model module month months most no. nos. nr. number objective omega page panel part pasi pga phase phases "
    "point principle protocol q quartile question questions quintile ref reference room round scenario scorad score "
    "scores section serogroup serotype serotypes session since site sri stage stages step steps strategy studies "
    "study subtype subtypes supplement t table tables tertile tier tiers time timepoint tnf trial trials type types "
    "until version visit visits vitamin vol volume wave week weeks within wk year years yr"
)

#: Names that a count may follow all the same: `in the placebo group 12 (24%) flared`.
WEAK_LABELS = _words(
    "age arm center centre cohort component dose group item point question session site study time treatment trial "
    "visit"
)

#: Words whose `of` takes a quantity: `a median of 3`.
MEASURES = _words(
    "age ages average bmi cut-off cutoff dose doses duration factor follow-up height hr length level levels maximum "
    "mean median minimum or period power range ratio rr score scores threshold value values weight"
)

#: Words that put a year after them.
YEAR_WORDS = _words("after and before between by during early from in late mid of since through till to until")

#: Finite verbs and auxiliaries that end the noun phrase a count belongs to.
VERBS = _words(
    "accounted achieve achieved achieves agreed answered are attended be became been began being believed came can "
    "changed chose complete completed comprised confirmed consented considered constituted continued contributed "
    "could declined decreased delivered demonstrated detected develop developed did die died discontinued displayed "
    "do does dropped entered exceeded exhibited experience experienced expressed failed favored favoured fell felt "
    "found gained gave had has have held identified improved improves included includes increased increases "
    "indicated is knew led lived lost made maintained may met might must needed obtained occur occurred owned "
    "participated perceived persisted preferred presented progressed provided rated reach reached receive received "
    "recorded recovered recurred reduced reduces refused relapsed remained report reported reports represented "
    "require required resolved responded resulted returned rose said saw scored seroconverted shall should show "
    "showed shown shows smoked sought started stated stayed stopped succeeded suffered suggests survived sustained "
    "switched tested thought tolerated took undergo underwent used visited wanted was went were will withdrew "
    "worked would"
)

#: Prepositions, relatives and adverbs that may stand inside the phrase a count belongs to.
GLUE = _words(
    "a across after against also among an as at because before between by despite due during following for from her "
    "his in including into its not on only our over per since still than that the their then these this those "
    "through throughout to toward towards under until up upon via which who whom whose with within without"
)

#: Words that join or set against one another the parts of a row.
CONJUNCTIONS = _words("& and but compared respectively v. versus vs vs. whereas while")

#: People, as studies call them, whole words in plural and singular.
PEOPLE = _words(
    "adolescents adult adults athletes attendees babies births boy boys caregivers carers case cases child children "
    "clients clinicians completers consultants control controls couples deaths deliveries doctors donors drinkers "
    "drivers dyads elders employees enrollees families farmers fathers female females girl girls gps households "
    "immigrants individual individuals infant infants inpatients interns male males man members men mother mothers "
    "neonates newborns non-responders non-smokers nonresponders nurses outpatients parent parents participant "
    "participants partners patient patients people person persons pharmacists physicians players practitioners "
    "pregnancies prisoners providers pts pupils recipient recipients refugees relatives residents respondent "
    "respondents responder responders schoolchildren siblings smokers soldiers spouses staff student students "
    "subject subjects surgeons survivors teachers teenagers toddlers trainees twins users veterans volunteer "
    "volunteers widows woman women workers"
)

#: Groups whose size may stand in brackets after them.
GROUPS = _words(
    "arm arms cohort control controls group groups intervention placebo population sample set study total trial"
)

#: Nouns after a percentage that make it a measure or a change of something, not a share of those counted.
NO_SHARES = _words(
    "absolute accuracy adherence agreement attrition certainty chance change compliance concentration concordance "
    "confidence criteria criterion cut-off cutoff daily decline decrease difference drop-out dropout efficacy "
    "improvement increase inhibition inspired level likelihood loss margin non-inferiority noninferiority oxygen "
    "power predicted probability rate reduction relative response retention risk sensitivity significance "
    "significant solution specificity statistical strength threshold total uptake"
)

#: Nouns for the groups themselves: a percentage in brackets after them is not their number.
COMPARED = _words(
    "arms conditions days doses drugs formulas groups methods regimens techniques times treatments visits"
)

#: Words of averages and their spread: a number in brackets after them is a standard deviation or the like.
DISPERSION = _words("average averaged deviation iqr mean means median score scores sd se sem")

#: What is sold or mixed by strength.
SOLUTIONS = _words(
    "acetate agar agarose albumin alcohol articaine atropine bsa bupivacaine capsaicin chlorhexidine chloride "
    "ciclosporin clobetasol co co2 cream cyclosporine desflurane dexamethasone dextrose diclofenac dmso drops edta "
    "emulsion ethanol extract extracts fat fbs fluoride foam formaldehyde formalin gel glucose glycerol glycine "
    "humidity hydrocortisone hypochlorite imiquimod iodine isoflurane kcl levobupivacaine lidocaine lignocaine "
    "lotion mannitol medium menthol mepivacaine milk minoxidil mouthwash mtt nacl naocl nicotine o2 ointment oxygen "
    "paraformaldehyde pbs peroxide povidone prednisolone prilocaine proparacaine ropivacaine salicylic saline serum "
    "sevoflurane shampoo silver solution sorbitol spray starch sucrose tacrolimus tca tetracaine timolol toothpaste "
    "tretinoin triton tropicamide tween varnish xylitol"
)

#: How words of change begin: `a 30% reduction`, `declined by 12%`.
CHANGE_STEMS = (
    "increas", "decreas", "reduc", "improv", "declin", "chang", "enhanc", "attenuat", "inhibit", "suppress", "augment",
    "diminish", "rose", "rise", "fell", "gain", "elevat", "worsen", "deteriorat", "grew", "growth", "shrink",
    "shrank", "narrow", "widen", "accelerat", "saving", "raise", "raising", "drop", "doubled", "doubling", "halved",
    "expan",
)  # fmt: skip

#: How words of comparison begin: after a percentage they make it a difference, before one they say nothing.
COMPARISON_STEMS = (
    "differ", "lower", "higher", "greater", "fewer", "less", "more", "short", "long", "fast", "slow", "better", "worse",
    "loss", "benefi", "advantage", "relief", "variab", "deviat", "superior", "inferior", "larger", "smaller",
)  # fmt: skip

#: Measures that are printed in per cent and are no shares of people or events.
MEASURES_IN_PERCENT = _words(
    "1-rm 1rm a1c absenteeism absorbance absorption accounted accuracy activity adhered adherence agreement "
    "alcohol alpha amount amounts area auc auroc average bioavailability blood bmd bmi body bodyweight bone "
    "budget calorie calories capacity carbohydrate carbohydrates cholesterol clearance coefficient coefficients "
    "compliance compliant concentration concentrations concordance confidence confluence content cost costs crp "
    "cut-off cutoff cv cv's cvs cvs' degradation density deuterium diameter diet diets discount dlco dose doses "
    "duration earnings ed50 ed95 ef effectiveness efficacy ejection energy equivalence error ethanol excretion "
    "expenditure expenditures explained explains expression extraction fat fed feed fev fev1 fio2 flow fluid "
    "fluorescence force fvc gdp glucose glycated glycosylated gradient haematocrit haemoglobin half-life hazard "
    "hazards hba1c hct hdl height hematocrit hemoglobin heterogeneity homology hrmax hrr humidity hydration i2 "
    "ic50 identity impairment inflation inhibition insulin intake intensity iqr isotope kappa kcal "
    "ldl ldl-cholesterol lean length level levels likelihood luminescence lvef lysis margin mass max maximal "
    "maximum mean median moisture non-inferiority noninferiority npv o2 occupancy odds opacity peak perfusion "
    "plasma power ppv precision predicted predictive presenteeism pressure price probability productivity "
    "protective protein purity reticulocyte revenue rm roc salt sao2 saturation scar "
    "score scores sd sensitivity serum signal slope solution specificity spending spo2 stenosis strain strength "
    "superiority target temperature thickness threshold time titer titers titre titres triglycerides turnover "
    "value values variance variation vas viability viscosity vo2 vo2max vo2peak volume wage wages waist weight "
    "width workload wpai yield α β"
)

#: Words of shares: rates, occurrences, people, and what they do.
SHARES = _words(
    "abstinence abstinent acceptance achieved achieving acr20 acr50 acr70 admission admissions ae aes african "
    "agreed all anaemia anaemic anemia anemic answered asas20 asas40 asian attained attended attrition birth births "
    "black bleeding caesarean categorised categorized caucasian centers centres cesarean classified clear cleared "
    "clinics colonized common commonly comorbidity completed completers completion complication complications "
    "consented considered constipation continuation conversion cough cr cure cured death deaths delivery detected "
    "developed developing dfs diabetes diagnosed diarrhea diarrhoea died discontinuation discontinuations "
    "disease-free dizziness dropout dropouts easi educated effects efs eligible employed enrolled ethnic event "
    "events experienced experiencing eyes failure failures fall faller fallers falls fatality fatigue felt fever "
    "followed found fracture fractures frequencies frequency frequent frequently genotype genotypes had half "
    "headache healed hispanic hospitalisation hospitalization hospitals households hypertension hypoglycaemia "
    "hypoglycemia hypotension identified immunized incidence indicated infected infection infections insomnia "
    "isolates joints knees latina latino lbr leakage lesions leukopenia likely lived loss-to-follow-up lost "
    "majority many married met minority miscarriage mortality most mutation mutations nausea needed negative "
    "neutropenia none noted obese observed occurred occurring orr os outcome outcomes overweight owned pain-free "
    "participated participation pasi pathogen pcr percent percentage percentages pfs pneumonia positive pr "
    "preferred pregnancy pregnant present prevalence procedures proportion proportions pyrexia quarter quarters "
    "race randomised randomized rash rate rated rates reached reaction reactions readmission readmissions received "
    "recurrence recurrences relapse relapses remission remissions reported required resistance resistant resolved "
    "respectively responded responder response responses retention returned risk risks saes samples satisfaction "
    "satisfied schools sections seen seroconversion seropositive seropositivity seroprotection sessions "
    "side-effects single sites smoking ssi ssis stated stroke studies success successful survival survived "
    "symptom-free symptoms teaes teeth third thirds thrombocytopenia toxicities toxicity treated trials tumors "
    "tumours underwent unemployed used vaccinated villages visits vomiting white who whom withdrawal withdrawals"
)

#: Nouns in the singular that stand for the people of a study: `38% of the sample`.
WHOLES = _words(
    "arm blacks cases caucasians class cohort entire former group hispanics latter n population remainder rest "
    "sample sera staff team them these those total whites whole whom workforce"
)

#: Plural nouns that are no units counted one by one.
NO_UNITS = _words(
    "access always amounts analysis basis calories carbohydrates class concentrations costs days dialysis doses "
    "dress earnings expenditures expenses fats has hours hypoxia illness its less levels lipids loss losses mass "
    "minutes months numerous plus points previous prices process proteins sales scores status steps stress this "
    "thus times towards units values various volumes was weakness weeks years"
)

#: Shares by name, as the subject of a sentence.
RATES = _words(
    "coverage frequencies frequency incidence mortality participation percentage percentages prevalence proportion "
    "proportions rate rates recurrence remission response responses retention seroprevalence survival"
)

#: Events whose threshold of reporting is no result: `adverse events reported in more than 1% of any group`.
EVENTS = _words("adrs ae aes effects event events reaction reactions sae saes symptoms teae teaes toxicities")

#: Words of plans: what such a sentence prints was assumed, not found.
PLANS = (
    "sample size",
    "power to detect",
    "to detect a",
    "assum",
    "type i error",
    "% power",
    "feasible if",
    "considered feasible",
    "acceptable if",
    "criteria for success",
    "hypothesi",
    "anticipat",
    "futility",
    "willingness - to - pay",
    "willingness-to-pay",
    "coefficient of variation",
    "coefficients of variation",
    "clinically important difference",
)

#: Kinds of people, as adjectives.
KINDS = _words(
    "african african-american asian black caucasian diabetic employed hispanic hypertensive latina latino married "
    "multiparous non-hispanic non-white nonwhite nulliparous obese overweight pregnant primiparous single "
    "unemployed white"
)

#: Things that are counted and are no participants, in plural and where it is usual in the singular.
COUNTED_THINGS = _words(
    "abscesses admissions aneurysms ankles answers appointments arteries articles assays assessments attacks "
    "attempts biopsies blocks bones breaths calls cannulations cells centers centres clinics comparisons "
    "consultations contacts courses cultures cycles days deliveries deviations devices digits discharges doses "
    "ears elbows embryos encounters episodes events exacerbations examinations eyes faces families feet fetuses "
    "fields fingers flares follicles forms fractures genes grafts hands headaches hips homes hospitalisations "
    "hospitalizations hospitals hours households images implants infections infusions injections injuries "
    "isolates items joints kidneys knees lesions letters limbs lines livers lungs meals measurements mentions "
    "messages moles months mri mris muscles nights nodes nodules oocytes organs papers periods plaques plots "
    "polyps practices prescriptions procedures publications questionnaires questions ratings readings recordings "
    "records relapses replicates reports responses samples scans schools segments seizures sera sessions "
    "shoulders sites slides specimens strains studies swabs swellings tablets tasks teeth tendons tests toes "
    "tooth treatments trials tubes tumors tumours ulcers units vessels videos villages visits wards warts weeks "
    "wounds wrists years"
)

#: Those of them that stand in every account of patients, and so say nothing of what its results count.
PASSING_THINGS = _words(
    "articles assessments centers centres days doses drugs examinations families fields forms fractures hands "
    "hospitals hours households infections infusions injuries items lines measurements months muscles nodes "
    "organs papers procedures questions ratings records reports responses sites studies tests treatments trials "
    "units visits weeks years"
)
