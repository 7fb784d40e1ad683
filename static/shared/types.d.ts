/** The shapes of the API that the faces read; the contract is the server's. */

export type Language = "pt" | "en" | "es";

export interface Person {
  id: string;
  name: string;
  email: string;
  role: string;
  language: Language;
  origin?: "local" | "ldap" | "oidc";
}

/** What visitors read in one more language; "" says it as the assistant's own does. */
export interface Said {
  greeting: string;
  suggestions: string[];
  contact: string;
  disclaimer: string;
  label: string;
}

/** How visitors see an assistant. */
export interface Look {
  logo: string;
  icon: "paper" | "talk" | "question" | "logo";
  position: "right" | "left";
  label: string;
  disclaimer: string;
  words: Partial<Record<Language, Said>>;
}

export interface Assistant {
  id: string;
  slug: string;
  public_id: string;
  name: string;
  language: Language;
  instructions: string;
  greeting: string;
  suggestions: string[];
  refusal: string;
  contact: string;
  mode: null | "quote" | "generate";
  strictness: "strict" | "balanced" | "helpful";
  accent: string;
  look: Look;
  origins: string[];
  collections: string[];
  created_at: string;
  /** Told to administrators and editors; null is the built-in one. */
  engine?: string | null;
  leaves_building: boolean;
  /** Who may use it and who may change it, told to those who may. */
  access?: "everyone" | "signed_in" | "groups";
  groups?: string[];
  editors?: string[];
  editable?: boolean;
}

/** A language model on another machine; its key never comes out. */
export interface Engine {
  id: string;
  name: string;
  kind: "site" | "openai" | "anthropic" | "mistral";
  addresses: string[];
  model: string;
  context: number;
  created_at: string;
  leaves_building: boolean;
  has_key: boolean;
  /** Why it may or can not be used as things are here. */
  problem: Grievance | null;
  reached: { address: string; state: "unknown" | "up" | "down"; problem: Grievance | null }[];
}

/** What a visitor may know of an assistant. */
export interface Counter {
  name: string;
  language: Language;
  greeting: string;
  suggestions: string[];
  accent: string;
  contact: string;
  /** Whether questions and passages go to somebody else's machines. */
  leaves_building: boolean;
  look?: Look;
  /** The look's, in the visitor's language. */
  logo?: string;
  disclaimer?: string;
}

export interface Grievance {
  code: string;
  detail: string;
}

export interface DocumentRecord {
  id: string;
  collection: string;
  title: string;
  file_name: string;
  media_type: string;
  bytes: number;
  language: Language | null;
  state: "queued" | "reading" | "indexing" | "ready" | "failed";
  problem: Grievance | null;
  pages: number;
  pages_unreadable: number;
  chunks: number;
  created_at: string;
  ready_at: string | null;
  valid_from?: string | null;
  valid_to?: string | null;
  supersedes?: string | null;
  pages_to_check?: number;
  ocr?: "auto" | "always" | "never";
  in_force?: boolean;
  versions?: { before: DocumentName | null; after: DocumentName | null };
  /** Whether who asked may download the original, and change the document. */
  downloadable?: boolean;
  editable?: boolean;
}

export interface PageRecord {
  number: number;
  how: "digital" | "ocr" | "unreadable";
  confidence: number | null;
  text: string;
  notes: string[];
  start?: number | null;
  /** Words that OCR was unsure of, in characters of the text. */
  doubtful?: [number, number][];
  /** Headers and footers that were left out of the text. */
  removed?: string[];
  to_check?: boolean;
  accepted?: boolean;
  corrected?: { by: string; at: string; read: string | null } | null;
  job?: Job | null;
}

/** How a document was read, in pages. */
export interface Summary {
  pages: number;
  digital: number;
  ocr: number;
  unreadable: number;
  to_check: number;
  accepted: number;
  corrected: number;
  confidence: number | null;
}

/** That a document looks like a new version of an older one. */
export interface Proposal {
  id: string;
  document: DocumentName;
  older: DocumentName;
  similarity: number;
}

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Job {
  id: string;
  kind: string;
  state: "queued" | "running" | "succeeded" | "failed" | "cancelled";
  done: number;
  total: number;
  unit: string;
  subject: string;
  about?: string; // what it is about by name, in lists and in the stream of all jobs
  problem: Grievance | null;
  created_at: string;
  started_at: string | null;
  ended_at: string | null;
}

export interface DocumentName {
  id: string;
  title: string;
}

export interface Passage {
  n: number;
  document: DocumentName;
  page: number | null;
  heading: string;
  text: string;
  start: number;
  end: number;
  place?: string;
}

export interface Citation {
  n: number;
  document: DocumentName;
  page: number | null;
  start: number;
  end: number;
  quote: string;
  url: string;
  place?: string;
}

export interface Sentence {
  text: string;
  start: number;
  end: number;
  supported: boolean;
  citations: number[];
  reason?: string | null;
}

export interface Answer {
  message: string;
  conversation: string;
  state: "answered" | "refused" | "stopped";
  mode: "generate" | "quote";
  answer: string;
  sentences: Sentence[];
  citations: Citation[];
  passages: Passage[];
  /** What was searched, where the question leans on its conversation. */
  query?: string | null;
  left_building?: boolean;
  /** "office" is what people approved word for word, "house" small talk. */
  said_by?: "documents" | "office" | "house";
  /** Questions to ask next: "did you mean". */
  offers?: string[];
  /** Whether the reader may hand the conversation to a person here. */
  handover?: boolean;
  /** What no answer is for, and a person to ask instead. */
  caution?: string;
  contact?: string;
  /** Whether the model came to the limit of tokens before its end. */
  cut?: boolean;
  /** The day that was asked about; null is today. */
  as_of?: string | null;
  /** Pages beside the evidence that could not be read. */
  unread?: { document: DocumentName; pages: number[] }[];
  /** What the cited documents were replaced by. */
  newer?: { document: DocumentName; newer: DocumentName; valid_from: string | null }[];
}

export interface Feedback {
  good: boolean;
  reason?: string | null;
}

/** A question and what became of it, as the screen knows it. */
export interface Exchange {
  question: string;
  state: "asking" | "answered" | "refused" | "stopped" | "problem";
  since: number;
  queue: { position: number; eta_ms: number | null } | null;
  passages: Passage[] | null;
  text: string;
  sentences: Sentence[];
  answer: Answer | null;
  problem: string;
  feedback: Feedback | null;
}

/** A place in a document to be shown: offsets count in the document's text. */
export interface Place {
  document: DocumentName;
  page: number | null;
  start: number | null;
  end: number | null;
  /** The places that it is one of, in order: an answer's sources. */
  among?: Place[];
}

/** One search laid open: see appliance/answering/bench.py. */
export interface BenchReport {
  query: string;
  language: Language;
  words: { text: string; idf: number; found: boolean }[];
  ignored: string[];
  keywords: Seen[];
  meaning: Seen[] | null;
  fused: Fused[];
  candidates: number;
  answerable: number;
  facts: Record<string, number | null>;
  levels: Level[];
  strictness: Assistant["strictness"];
  took_ms: number;
}

export interface Seen {
  rank: number;
  document: DocumentName;
  page: number | null;
  heading: string;
  place?: string;
  snippet: string;
  score: number;
}

export interface Fused {
  passage: Passage & { score: number };
  snippet: string;
  keywords: number | null;
  meaning: number | null;
  codes: string[];
  shares: Share[];
}

export interface Share {
  signal: string;
  value: number;
  weight: number;
  share: number;
}

export interface Level {
  strictness: Assistant["strictness"];
  threshold: number;
  answers: boolean;
}
