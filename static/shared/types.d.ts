/** The shapes of the API that the faces read. Those that the server names are the server's own (contract.d.ts, which
 * tests/static/contract.py makes); the others it puts together for a page. */
import type { components } from "./contract.js";

type Shapes = components["schemas"];

export type Language = "pt" | "en" | "es";

export type Person = Shapes["Person"];

/** A file beside a conversation. */
export type AttachedFile = Shapes["AttachedFile"];

/** A document in a few of its own sentences. */
export type Condensed = Shapes["Condensed"];

/** What visitors read in one more language; "" says it as the assistant's own does. */
export type Said = Required<Shapes["appliance.looks.Said"]>;

/** How visitors see an assistant. */
export type Look = Required<Omit<Shapes["Look"], "words">> & { words: Partial<Record<Language, Said>> };

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
export type Counter = Omit<Shapes["Face"], "look"> & {
  look?: Look;
  /** The look's, in the visitor's language. */
  logo?: string;
  /** The title of its form, where the suggestions have it not. */
  form?: string;
  disclaimer?: string;
};

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
export type Summary = Shapes["Summary"];

/** That a document looks like a new version of an older one. */
export type Proposal = Shapes["Proposal"];

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

export type DocumentName = Shapes["DocumentName"];

export type Passage = Shapes["Passage"];

export type Citation = Shapes["Citation"];

export type Sentence = Shapes["Sentence"];

export type Answer = Shapes["Answer"];

/** One question of a form of the house. */
export type FormField = Required<Shapes["FormField"]>;

/** A form as it is filled in under an answer. */
export type FormSheet = Omit<Shapes["FormSheet"], "fields"> & { fields: FormField[] };

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
export type BenchReport = Shapes["Report"];

export type Seen = Shapes["Seen"];

export type Fused = Shapes["Fused"];

export type Share = Shapes["Share"];

export type Level = Shapes["Level"];
