/**
 * Generated from openapi.json by `npm run generate`; do not edit.
 */
export type WordsParams = {[key: string]: string | Words};

/**
 * A sentence of ours by its code, with what fills its template: text, or words again.
 */
export interface Words {
  code: string;
  params?: WordsParams;
}

export interface GateCheck {
  name: string;
  passed: boolean;
  detail: string;
  words?: Words | null;
}

/**
 * One move of an alias, as the audit log has it.
 */
export interface AliasMove {
  at: string;
  actor: string;
  alias: string;
  version: string | null;
  previous: string | null;
  reason: string;
  rolled_back?: boolean;
  forced?: boolean;
  checks?: GateCheck[];
}

export interface AliasSet {
  /** @pattern ^[1-9]\d{0,8}$ */
  version: string;
  /** @maxLength 1000 */
  reason?: string;
  force?: boolean;
}

export interface AlignmentView {
  rows: number;
  width: number;
  consensus: string | null;
  conservation: number[] | null;
  gaps: number[] | null;
}

/**
 * One file of a manifest: where it belongs, and the content that was uploaded for it.
 */
export interface FileRef {
  /**
     * @minLength 1
     * @maxLength 1024
     */
  path: string;
  /** @pattern ^[0-9a-f]{64}$ */
  sha256: string;
  /** @minimum 0 */
  size: number;
}

/**
 * The whole of a member's outputs: visible together, or not at all.
 */
export interface ArtifactCommit {
  files: FileRef[];
}

export interface ArtifactView {
  path: string;
  size: number;
  sha256: string | null;
  attempt: number | null;
  location: string;
}

export interface SequenceIn {
  /**
     * @minLength 1
     * @maxLength 500
     */
  id: string;
  sequence: string;
  partner?: string | null;
}

/**
 * One request on its way to the model; what is in it was checked for limits and letters.
 */
export interface Asked {
  id: string;
  sequences: SequenceIn[];
}

export interface Assignment {
  job_id: string;
  attempt: number;
  rank: number;
  dispatch_id: string;
}

export type AttemptState = typeof AttemptState[keyof typeof AttemptState];


export const AttemptState = {
  assigned: 'assigned',
  claimed: 'claimed',
  preparing: 'preparing',
  running: 'running',
  finalizing: 'finalizing',
  succeeded: 'succeeded',
  failed: 'failed',
  lost: 'lost',
  cancelled: 'cancelled',
  expired: 'expired',
  preempted: 'preempted',
} as const;

export type AttemptViewEnvironment = {[key: string]: string};

/**
 * Whose fault a failed attempt is: a user's is final, infrastructure's is tried again.
 */
export type Fault = typeof Fault[keyof typeof Fault];


export const Fault = {
  user: 'user',
  infra: 'infra',
} as const;

export interface MemberView {
  rank: number;
  node_id: string;
  node: string;
  state: AttemptState;
  gpus: string[];
  log_bytes: number;
  environment?: string;
  start?: string;
  start_words?: Words | null;
}

export interface AttemptView {
  number: number;
  state: AttemptState;
  fault: Fault | null;
  reason: string;
  reason_words?: Words | null;
  exit_code: number | null;
  last_lines: string[];
  assigned_at: string;
  started_at: string | null;
  ended_at: string | null;
  members: MemberView[];
  environment: AttemptViewEnvironment;
}

export type AuditEntryViewDetail = { [key: string]: unknown };

export interface AuditEntryView {
  id: number;
  at: string;
  actor: string;
  action: string;
  object: string;
  client: string;
  detail: AuditEntryViewDetail;
}

export type BestTrialPoint = { [key: string]: unknown };

export interface BestTrial {
  number: number;
  point: BestTrialPoint;
  value: number;
  job_id: string;
  spread?: number | null;
}

export interface ChainView {
  name: string;
  sequence: string;
  numbers: string[];
  full_length: number;
  missing: number[];
  b_factors: number[];
}

export type CheckpointCommitManifest = { [key: string]: unknown };

export interface CheckpointCommit {
  /** @minimum 0 */
  step: number;
  manifest: CheckpointCommitManifest;
  /** @minItems 1 */
  files: FileRef[];
  best?: boolean;
}

export type CheckpointSpecManifest = { [key: string]: unknown };

export interface InputFile {
  path: string;
  sha256: string | null;
  size: number;
  url: string;
}

export interface CheckpointSpec {
  step: number;
  manifest: CheckpointSpecManifest;
  files: InputFile[];
}

export type CheckpointViewManifest = { [key: string]: unknown };

export interface CheckpointView {
  step: number;
  attempt: number;
  best: boolean;
  size: number;
  created_at: string;
  manifest: CheckpointViewManifest;
}

export interface Claim {
  protocol: number;
  dispatch_id: string;
  rank?: number;
}

/**
 * The master's own wheel, for notebooks and people's machines.
 */
export interface ClientPackage {
  version: string;
  url: string;
  sha256: string;
  pip: string;
}

/**
 * Which columns of a CSV or TSV hold what; null = found by their usual names.
 */
export interface ColumnNames {
  sequence?: string | null;
  target?: string | null;
  set?: string | null;
  id?: string | null;
  validation?: string | null;
  mask?: string | null;
  variant?: string | null;
  partner?: string | null;
}

export type CommandKind = typeof CommandKind[keyof typeof CommandKind];


export const CommandKind = {
  cancel: 'cancel',
  preempt: 'preempt',
  kill: 'kill',
} as const;

/**
 * `cancel`: TERM, grace, KILL, report cancelled. `preempt`: the same, but it goes on later from its
 * last checkpoint. `kill`: fenced; end it at once and throw it away.
 */
export interface Command {
  kind: CommandKind;
  job_id: string;
  attempt: number;
  rank?: number;
  reason: string;
}

export type ComparedRunInputs = {[key: string]: string};

export type ComparedRunSettings = {[key: string]: string};

export type ComparedRunMetrics = {[key: string]: number};

export type JobState = typeof JobState[keyof typeof JobState];


export const JobState = {
  pending: 'pending',
  scheduled: 'scheduled',
  running: 'running',
  cancelling: 'cancelling',
  held: 'held',
  succeeded: 'succeeded',
  failed: 'failed',
  cancelled: 'cancelled',
} as const;

/**
 * What one compares of a job: what went in, what was set, and what came out.
 */
export interface ComparedRun {
  id: string;
  name: string;
  owner: string;
  state: JobState;
  experiment_id: string;
  inputs: ComparedRunInputs;
  created_at: string;
  started_at: string | null;
  ended_at: string | null;
  settings: ComparedRunSettings;
  metrics: ComparedRunMetrics;
}

/**
 * Points by step, as three columns of the same length; what is not finite is left out.
 */
export interface Curve {
  key: string;
  steps: number[];
  values: number[];
  times: number[];
}

export interface FileView {
  path: string;
  sha256: string;
  size: number;
}

export type VersionViewReport = { [key: string]: unknown } | null;

export type VersionViewLineage = { [key: string]: unknown };

export interface VersionView {
  dataset: string;
  number: number;
  filename: string;
  kind: string;
  sha256: string;
  size: number;
  rows: number | null;
  columns: ColumnNames;
  files: FileView[];
  report: VersionViewReport;
  lineage: VersionViewLineage;
  created_by: string;
  created_at: string;
}

export interface DatasetView {
  name: string;
  description: string;
  owner: string;
  versions: number;
  latest: VersionView | null;
  created_at: string;
}

export interface DependentJob {
  id: string;
  name: string;
  owner: string;
  entry_point: string;
  state: JobState;
  versions: number[];
  created_at: string;
}

/**
 * What was made with a dataset, or is about to be.
 */
export interface Dependents {
  jobs: DependentJob[];
  live_jobs: string[];
  ended_jobs: string[];
  datasets: string[];
}

export interface Description {
  /** @maxLength 50000 */
  description: string;
}

export type DestinationCreateScope = typeof DestinationCreateScope[keyof typeof DestinationCreateScope];


export const DestinationCreateScope = {
  own: 'own',
  everyone: 'everyone',
} as const;

export type DestinationCreateLanguage = typeof DestinationCreateLanguage[keyof typeof DestinationCreateLanguage];


export const DestinationCreateLanguage = {
  en: 'en',
  zh: 'zh',
} as const;

export type NotifyEvent = typeof NotifyEvent[keyof typeof NotifyEvent];


export const NotifyEvent = {
  jobsucceeded: 'job.succeeded',
  jobfailed: 'job.failed',
  jobcancelled: 'job.cancelled',
  jobheld: 'job.held',
  sweepended: 'sweep.ended',
  nodelost: 'node.lost',
  disklow: 'disk.low',
} as const;

export interface DestinationCreate {
  /**
     * @minLength 1
     * @maxLength 100
     */
  name: string;
  /**
     * @minItems 1
     * @maxItems 20
     */
  events: NotifyEvent[];
  scope?: DestinationCreateScope;
  language?: DestinationCreateLanguage;
  paused?: boolean;
  /**
     * @minLength 1
     * @maxLength 2000
     */
  url: string;
  secret?: string | null;
}

export type DestinationMadeScope = typeof DestinationMadeScope[keyof typeof DestinationMadeScope];


export const DestinationMadeScope = {
  own: 'own',
  everyone: 'everyone',
} as const;

export type DestinationMadeLanguage = typeof DestinationMadeLanguage[keyof typeof DestinationMadeLanguage];


export const DestinationMadeLanguage = {
  en: 'en',
  zh: 'zh',
} as const;

export type DestinationMadeKind = typeof DestinationMadeKind[keyof typeof DestinationMadeKind];


export const DestinationMadeKind = {
  webhook: 'webhook',
  feishu: 'feishu',
  lark: 'lark',
  wecom: 'wecom',
  dingtalk: 'dingtalk',
  slack: 'slack',
  email: 'email',
} as const;

export interface DestinationMade {
  /**
     * @minLength 1
     * @maxLength 100
     */
  name: string;
  /**
     * @minItems 1
     * @maxItems 20
     */
  events: NotifyEvent[];
  scope?: DestinationMadeScope;
  language?: DestinationMadeLanguage;
  paused?: boolean;
  id: string;
  kind: DestinationMadeKind;
  owner: string;
  address: string;
  created_at: string;
  last_sent_at: string | null;
  last_error: string;
  waiting: number;
  signing_key: string | null;
}

export type DestinationUpdateScope = typeof DestinationUpdateScope[keyof typeof DestinationUpdateScope];


export const DestinationUpdateScope = {
  own: 'own',
  everyone: 'everyone',
} as const;

export type DestinationUpdateLanguage = typeof DestinationUpdateLanguage[keyof typeof DestinationUpdateLanguage];


export const DestinationUpdateLanguage = {
  en: 'en',
  zh: 'zh',
} as const;

export interface DestinationUpdate {
  /**
     * @minLength 1
     * @maxLength 100
     */
  name: string;
  /**
     * @minItems 1
     * @maxItems 20
     */
  events: NotifyEvent[];
  scope?: DestinationUpdateScope;
  language?: DestinationUpdateLanguage;
  paused?: boolean;
}

export type DestinationViewScope = typeof DestinationViewScope[keyof typeof DestinationViewScope];


export const DestinationViewScope = {
  own: 'own',
  everyone: 'everyone',
} as const;

export type DestinationViewLanguage = typeof DestinationViewLanguage[keyof typeof DestinationViewLanguage];


export const DestinationViewLanguage = {
  en: 'en',
  zh: 'zh',
} as const;

export type DestinationViewKind = typeof DestinationViewKind[keyof typeof DestinationViewKind];


export const DestinationViewKind = {
  webhook: 'webhook',
  feishu: 'feishu',
  lark: 'lark',
  wecom: 'wecom',
  dingtalk: 'dingtalk',
  slack: 'slack',
  email: 'email',
} as const;

export interface DestinationView {
  /**
     * @minLength 1
     * @maxLength 100
     */
  name: string;
  /**
     * @minItems 1
     * @maxItems 20
     */
  events: NotifyEvent[];
  scope?: DestinationViewScope;
  language?: DestinationViewLanguage;
  paused?: boolean;
  id: string;
  kind: DestinationViewKind;
  owner: string;
  address: string;
  created_at: string;
  last_sent_at: string | null;
  last_error: string;
  waiting: number;
}

export interface Difference {
  value: number;
  low: number;
  high: number;
}

/**
 * One key's values: a list of them, or a range from `low` to `high`, both included.
 */
export interface Dimension {
  values?: (boolean | number | string)[] | null;
  low?: number | null;
  high?: number | null;
  log?: boolean;
  step?: number | null;
  integer?: boolean;
}

export interface DrainRequest {
  /** @maxLength 500 */
  reason?: string;
}

export type EndpointViewState = typeof EndpointViewState[keyof typeof EndpointViewState];


export const EndpointViewState = {
  waiting: 'waiting',
  starting: 'starting',
  ready: 'ready',
  silent: 'silent',
  ending: 'ending',
} as const;

export interface EndpointView {
  job_id: string;
  model: string;
  version: string;
  owner: string;
  state: EndpointViewState;
  job_state: JobState;
  reason: string;
  reason_words?: Words | null;
  node: string | null;
  requests: number;
  in_flight: number;
  started_at: string;
  last_used_at: string;
  ends_at: string | null;
  may_stop: boolean;
}

export interface ParameterView {
  name: string;
  type: string;
  default: string | null;
  required: boolean;
}

export interface EntryPointView {
  name: string;
  parameters: ParameterView[];
  command: string;
  config_name: string | null;
}

export type ExplainNodes = {[key: string]: string};

export type ExplainNodeWords = {[key: string]: Words | null};

/**
 * Why a job waits, in one sentence, with each node's own reason.
 */
export interface Explain {
  state: JobState;
  summary: string;
  words?: Words | null;
  position: number | null;
  waiting?: number | null;
  starts_at?: string | null;
  nodes?: ExplainNodes;
  node_words?: ExplainNodeWords;
}

export type FaultAction = typeof FaultAction[keyof typeof FaultAction];


export const FaultAction = {
  fail: 'fail',
  restart: 'restart',
  move: 'move',
  clean: 'clean',
  quarantine: 'quarantine',
} as const;

export interface FaultRule {
  /** @pattern ^[a-z0-9_]{1,60}$ */
  name: string;
  /**
     * @minLength 1
     * @maxLength 1000
     */
  pattern: string;
  /**
     * @minLength 1
     * @maxLength 300
     */
  reason: string;
  action: FaultAction;
  gang_only?: boolean;
}

export type FinalistViewPoint = { [key: string]: unknown };

/**
 * A point that was run again with several seeds.
 */
export interface FinalistView {
  number: number;
  point: FinalistViewPoint;
  values: number[];
  mean: number | null;
  spread: number | null;
}

export type FingerprintArtifacts = {[key: string]: string};

export type FingerprintModel = {[key: string]: string};

/**
 * What a job left, by content: path -> SHA-256.
 */
export interface Fingerprint {
  artifacts: FingerprintArtifacts;
  model: FingerprintModel;
}

export type FinishOutcome = typeof FinishOutcome[keyof typeof FinishOutcome];


export const FinishOutcome = {
  succeeded: 'succeeded',
  failed: 'failed',
  cancelled: 'cancelled',
  preempted: 'preempted',
} as const;

export type FinishDetail = { [key: string]: unknown };

export type FinishEnvironment = {[key: string]: string};

/**
 * The end of one member. Repeating it is accepted and answered as the first time.
 */
export interface Finish {
  rank?: number;
  outcome: FinishOutcome;
  fault?: Fault | null;
  /** @maxLength 2000 */
  reason?: string;
  rule?: string | null;
  exit_code?: number | null;
  last_lines?: string[];
  started?: boolean;
  detail?: FinishDetail;
  environment?: FinishEnvironment;
}

export type FormFieldKind = typeof FormFieldKind[keyof typeof FormFieldKind];


export const FormFieldKind = {
  choice: 'choice',
  integer: 'integer',
  number: 'number',
  boolean: 'boolean',
  string: 'string',
  list: 'list',
  mapping: 'mapping',
} as const;

export interface FormField {
  key: string;
  kind: FormFieldKind;
  default: unknown;
  required: boolean;
  help: string;
  choices?: string[];
  group?: boolean;
}

export type FormSchemaCheckedOn = typeof FormSchemaCheckedOn[keyof typeof FormSchemaCheckedOn];


export const FormSchemaCheckedOn = {
  master: 'master',
  worker: 'worker',
} as const;

/**
 * What may be set for one entry point; `checked_on` says who can check it in full.
 */
export interface FormSchema {
  project: string;
  entry_point: string;
  snapshot: string;
  inputs: ParameterView[];
  parameters: ParameterView[];
  fields: FormField[];
  checked_on: FormSchemaCheckedOn;
  environments?: Partial<Record<'auto' | 'own' | 'venv' | 'conda' | 'docker', string>>;
}

/**
 * Whether a version may become the champion, by what its run left.
 */
export interface Gate {
  passed: boolean;
  checks: GateCheck[];
}

/**
 * Code that the master fetches itself: one commit of a git repository.
 */
export interface GitSource {
  /**
     * @minLength 1
     * @maxLength 1000
     */
  uri: string;
  version?: string | null;
  /** @maxLength 500 */
  subdirectory?: string;
}

export interface GpuInfo {
  uuid: string;
  index: number;
  name: string;
  memory_bytes: number;
}

export interface GpuSample {
  uuid: string;
  utilization?: number | null;
  memory_used_bytes?: number | null;
  temperature_c?: number | null;
  power_w?: number | null;
  pids?: number[];
  foreign_pids?: number[];
}

export type ValidationErrorCtx = { [key: string]: unknown };

export interface ValidationError {
  loc: (string | number)[];
  msg: string;
  type: string;
  input?: unknown;
  ctx?: ValidationErrorCtx;
}

export interface HTTPValidationError {
  detail?: ValidationError[];
}

export type HealthStatus = typeof HealthStatus[keyof typeof HealthStatus];


export const HealthStatus = {
  ok: 'ok',
  degraded: 'degraded',
} as const;

export type HealthParts = {[key: string]: string};

export interface Health {
  status: HealthStatus;
  version: string;
  setup_required: boolean;
  parts: HealthParts;
}

export interface NodeSample {
  cpu_percent: number;
  memory_used_bytes: number;
  disk_free_bytes: number;
  disk_total_bytes: number;
  gpus?: GpuSample[];
}

/**
 * One attempt's member that is on this node, dead or alive, until the master has its end.
 */
export interface MemberStatus {
  job_id: string;
  attempt: number;
  rank?: number;
  state: AttemptState;
}

export interface Heartbeat {
  protocol: number;
  boot_id: string;
  sample: NodeSample;
  members?: MemberStatus[];
  draining?: boolean;
  sent_at: string;
}

export interface HeartbeatReply {
  assignments?: Assignment[];
  commands?: Command[];
  server_time: string;
  heartbeat_seconds: number;
}

export type InputSpecKind = typeof InputSpecKind[keyof typeof InputSpecKind];


export const InputSpecKind = {
  dataset: 'dataset',
  model: 'model',
  artifact: 'artifact',
} as const;

export interface InputSpec {
  parameter: string;
  kind: InputSpecKind;
  ref: string;
  files: InputFile[];
  is_directory: boolean;
}

export type JobCheckInputs = {[key: string]: string};

export type JobCheckConfig = { [key: string]: unknown } | null;

export type JobCheckParams = {[key: string]: string};

/**
 * What a request would become; nothing was made.
 */
export interface JobCheck {
  project: string;
  snapshot: string;
  entry_point: string;
  inputs: JobCheckInputs;
  config: JobCheckConfig;
  params: JobCheckParams;
  estimated_start?: string | null;
}

export type JobCreateParameters = {[key: string]: string};

export type JobCreateInputs = {[key: string]: string};

export type JobCreateTags = {[key: string]: string};

export type JobCreateOnPartition = typeof JobCreateOnPartition[keyof typeof JobCreateOnPartition];


export const JobCreateOnPartition = {
  continue: 'continue',
  stop: 'stop',
} as const;

export type JobCreateEnvironment = typeof JobCreateEnvironment[keyof typeof JobCreateEnvironment];


export const JobCreateEnvironment = {
  auto: 'auto',
  own: 'own',
  venv: 'venv',
  conda: 'conda',
  docker: 'docker',
} as const;

export type ResourcesLabels = {[key: string]: string};

/**
 * What one job needs. `nodes` > 1 asks for that many members with these resources each.
 */
export interface Resources {
  /**
     * @minimum 0
     * @maximum 1024
     */
  gpus?: number;
  /** @minimum 0 */
  gpu_memory?: number;
  gpu_share?: boolean;
  /**
     * @maximum 4096
     * @exclusiveMinimum 0
     */
  cpus?: number;
  /** @minimum 0 */
  memory?: number;
  /**
     * @minimum 1
     * @maximum 1024
     */
  nodes?: number;
  labels?: ResourcesLabels;
  /** @maxItems 1024 */
  node_names?: string[];
}

export interface JobCreate {
  project: string;
  entry_point?: string;
  snapshot?: string | null;
  parameters?: JobCreateParameters;
  overrides?: string[];
  inputs?: JobCreateInputs;
  resources?: Resources;
  name?: string | null;
  /**
     * @minLength 1
     * @maxLength 200
     */
  experiment?: string;
  tags?: JobCreateTags;
  /** @maxLength 10000 */
  notes?: string;
  /**
     * @minimum -100
     * @maximum 100
     */
  priority?: number;
  preemptible?: boolean;
  /**
     * @minimum 1
     * @maximum 100
     */
  max_attempts?: number;
  time_limit?: number | null;
  queue_limit?: number | null;
  lease?: number | null;
  on_partition?: JobCreateOnPartition;
  /**
     * @minimum 0
     * @maximum 3600
     */
  grace?: number;
  register_as?: string | null;
  environment?: JobCreateEnvironment;
  warm_start?: boolean;
  parent_run?: string | null;
  idempotency_key?: string | null;
}

export type JobDetailParameters = {[key: string]: string};

export type JobDetailInputs = {[key: string]: string};

export type JobDetailTags = {[key: string]: string};

export type JobDetailOnPartition = typeof JobDetailOnPartition[keyof typeof JobDetailOnPartition];


export const JobDetailOnPartition = {
  continue: 'continue',
  stop: 'stop',
} as const;

export type JobDetailEnvironment = typeof JobDetailEnvironment[keyof typeof JobDetailEnvironment];


export const JobDetailEnvironment = {
  auto: 'auto',
  own: 'own',
  venv: 'venv',
  conda: 'conda',
  docker: 'docker',
} as const;

export type JobDetailMetrics = {[key: string]: number};

export type JobDetailConfig = { [key: string]: unknown } | null;

export interface JobDetail {
  id: string;
  name: string;
  owner: string;
  project: string;
  snapshot: string;
  entry_point: string;
  parameters: JobDetailParameters;
  overrides: string[];
  inputs: JobDetailInputs;
  resources: Resources;
  experiment: string;
  experiment_id: string;
  tags: JobDetailTags;
  notes: string;
  priority: number;
  preemptible: boolean;
  max_attempts: number;
  time_limit: number | null;
  queue_limit?: number | null;
  on_partition?: JobDetailOnPartition;
  register_as: string | null;
  registered_version: string | null;
  environment?: JobDetailEnvironment;
  warm_start?: boolean;
  state: JobState;
  reason: string;
  reason_words?: Words | null;
  attempt: number;
  nodes?: string[];
  parent_job: string | null;
  parent_run?: string | null;
  trashed_at?: string | null;
  purged_at?: string | null;
  created_at: string;
  started_at: string | null;
  ended_at: string | null;
  metrics?: JobDetailMetrics;
  config: JobDetailConfig;
  attempts: AttemptView[];
}

export interface JobEvent {
  id: number;
  at: string;
  attempt: number | null;
  actor: string;
  kind: string;
  from_state: string | null;
  to_state: string | null;
  reason: string;
  reason_words?: Words | null;
}

export type JobSpecParameters = {[key: string]: string};

export type JobSpecEnvironment = typeof JobSpecEnvironment[keyof typeof JobSpecEnvironment];


export const JobSpecEnvironment = {
  auto: 'auto',
  own: 'own',
  venv: 'venv',
  conda: 'conda',
  docker: 'docker',
} as const;

/**
 * All that an agent needs to run one member of one attempt.
 */
export interface JobSpec {
  job_id: string;
  attempt: number;
  rank: number;
  world_size: number;
  token: string;
  project: string;
  snapshot: string;
  snapshot_url: string;
  snapshot_size: number;
  entry_point: string;
  parameters: JobSpecParameters;
  overrides: string[];
  inputs: InputSpec[];
  checkpoint: CheckpointSpec | null;
  resources: Resources;
  gpu_uuids: string[];
  experiment_id: string;
  time_limit: number | null;
  grace: number;
  stop_after?: number | null;
  params_logged: boolean;
  environment?: JobSpecEnvironment;
  warm_start?: boolean;
  fault_rules?: FaultRule[];
}

export type JobViewParameters = {[key: string]: string};

export type JobViewInputs = {[key: string]: string};

export type JobViewTags = {[key: string]: string};

export type JobViewOnPartition = typeof JobViewOnPartition[keyof typeof JobViewOnPartition];


export const JobViewOnPartition = {
  continue: 'continue',
  stop: 'stop',
} as const;

export type JobViewEnvironment = typeof JobViewEnvironment[keyof typeof JobViewEnvironment];


export const JobViewEnvironment = {
  auto: 'auto',
  own: 'own',
  venv: 'venv',
  conda: 'conda',
  docker: 'docker',
} as const;

export type JobViewMetrics = {[key: string]: number};

export interface JobView {
  id: string;
  name: string;
  owner: string;
  project: string;
  snapshot: string;
  entry_point: string;
  parameters: JobViewParameters;
  overrides: string[];
  inputs: JobViewInputs;
  resources: Resources;
  experiment: string;
  experiment_id: string;
  tags: JobViewTags;
  notes: string;
  priority: number;
  preemptible: boolean;
  max_attempts: number;
  time_limit: number | null;
  queue_limit?: number | null;
  on_partition?: JobViewOnPartition;
  register_as: string | null;
  registered_version: string | null;
  environment?: JobViewEnvironment;
  warm_start?: boolean;
  state: JobState;
  reason: string;
  reason_words?: Words | null;
  attempt: number;
  nodes?: string[];
  parent_job: string | null;
  parent_run?: string | null;
  trashed_at?: string | null;
  purged_at?: string | null;
  created_at: string;
  started_at: string | null;
  ended_at: string | null;
  metrics?: JobViewMetrics;
}

export interface JoinTokenCreate {
  /**
     * @minimum 1
     * @maximum 1000
     */
  uses?: number;
  /**
     * @maximum 720
     * @exclusiveMinimum 0
     */
  hours?: number;
}

export interface JoinTokenCreated {
  token: string;
  uses: number;
  expires_at: string;
  command: string;
}

export type LabelsLabels = {[key: string]: string};

export interface Labels {
  labels: LabelsLabels;
}

export interface LogAck {
  size: number;
}

/**
 * Of one member's log, from `offset` on.
 */
export interface LogIndex {
  attempt: number;
  offset: number;
  every: number;
  marks: number[];
  lines: number;
  size: number;
}

export interface Meeting {
  ready: boolean;
  address?: string | null;
  port?: number | null;
  waiting_for?: number[];
}

export interface MetricView {
  key: string;
  value: number;
  step: number;
  at: string;
}

export interface ModelVersionCreate {
  /** @pattern ^[0-9a-f]{32}$ */
  job_id: string;
}

export interface ModelVersionView {
  name: string;
  version: string;
  job_id: string | null;
  aliases: string[];
  uri: string;
  description?: string;
  created_at: string;
}

export type ModelViewAliases = {[key: string]: string};

export interface ModelView {
  name: string;
  owner?: string;
  description?: string;
  aliases?: ModelViewAliases;
  latest: ModelVersionView | null;
}

export interface Next {
  request?: Asked | null;
  end?: boolean;
  reason?: string;
}

/**
 * From the age of the last heartbeat: nothing is placed on a node that is not online.
 */
export type NodeHealth = typeof NodeHealth[keyof typeof NodeHealth];


export const NodeHealth = {
  online: 'online',
  suspect: 'suspect',
  lost: 'lost',
} as const;

export interface NodeHistoryPoint {
  at: string;
  sample: NodeSample;
}

export type NodeInfoLabels = {[key: string]: string};

export type NodeInfoPackages = {[key: string]: string};

/**
 * What does not change while the agent runs.
 */
export interface NodeInfo {
  hostname: string;
  boot_id: string;
  agent_version: string;
  platform: string;
  python: string;
  /** @minimum 1 */
  cpus: number;
  /** @exclusiveMinimum 0 */
  memory_bytes: number;
  gpus?: GpuInfo[];
  labels?: NodeInfoLabels;
  isolation?: string;
  packages?: NodeInfoPackages;
  environments?: Partial<Record<'auto' | 'own' | 'venv' | 'conda' | 'docker', string>> | null;
}

export type NodeState = typeof NodeState[keyof typeof NodeState];


export const NodeState = {
  active: 'active',
  draining: 'draining',
  quarantined: 'quarantined',
} as const;

export type NodeViewLabels = {[key: string]: string};

export type NodeViewOwnLabels = {[key: string]: string};

export type NodeViewGpuJobs = {[key: string]: string[]};

export interface NodeView {
  id: string;
  name: string;
  state: NodeState;
  health: NodeHealth;
  reason: string;
  reason_words?: Words | null;
  labels: NodeViewLabels;
  own_labels: NodeViewOwnLabels;
  info: NodeInfo;
  sample: NodeSample | null;
  cpus_free: number;
  memory_free_bytes: number;
  gpus_free: number;
  jobs: string[];
  gpu_jobs?: NodeViewGpuJobs;
  last_heartbeat_at: string | null;
  joined_at: string;
}

export type NotificationViewState = typeof NotificationViewState[keyof typeof NotificationViewState];


export const NotificationViewState = {
  waiting: 'waiting',
  sent: 'sent',
  dropped: 'dropped',
} as const;

export interface NotificationView {
  id: number;
  event: NotifyEvent;
  title: string;
  state: NotificationViewState;
  tries: number;
  error: string;
  created_at: string;
  ended_at: string | null;
}

export interface PageAuditEntryView {
  items: AuditEntryView[];
  next?: string | null;
  total?: number | null;
}

export interface PageDatasetView {
  items: DatasetView[];
  next?: string | null;
  total?: number | null;
}

export interface PageJobView {
  items: JobView[];
  next?: string | null;
  total?: number | null;
}

export type SweepState = typeof SweepState[keyof typeof SweepState];


export const SweepState = {
  running: 'running',
  paused: 'paused',
  stopping: 'stopping',
  finished: 'finished',
  stopped: 'stopped',
  failed: 'failed',
} as const;

export type SweepViewDirection = typeof SweepViewDirection[keyof typeof SweepViewDirection];


export const SweepViewDirection = {
  minimize: 'minimize',
  maximize: 'maximize',
} as const;

export type SweepViewSampler = typeof SweepViewSampler[keyof typeof SweepViewSampler];


export const SweepViewSampler = {
  grid: 'grid',
  random: 'random',
  tpe: 'tpe',
} as const;

export type SweepViewPruner = typeof SweepViewPruner[keyof typeof SweepViewPruner];


export const SweepViewPruner = {
  none: 'none',
  median: 'median',
  asha: 'asha',
} as const;

export type SweepViewTrials = {[key: string]: number};

export interface SweepView {
  id: string;
  name: string;
  owner: string;
  project: string;
  experiment: string;
  experiment_id: string;
  state: SweepState;
  reason: string;
  reason_words?: Words | null;
  metric: string;
  direction: SweepViewDirection;
  sampler: SweepViewSampler;
  pruner: SweepViewPruner;
  parallelism: number;
  max_trials: number;
  trials: SweepViewTrials;
  best: BestTrial | null;
  created_at: string;
  ended_at: string | null;
}

export interface PageSweepView {
  items: SweepView[];
  next?: string | null;
  total?: number | null;
}

export type PairedScoreBetter = typeof PairedScoreBetter[keyof typeof PairedScoreBetter] | null;


export const PairedScoreBetter = {
  first: 'first',
  second: 'second',
} as const;

export interface PairedScore {
  first: number;
  second: number;
  difference: Difference;
  p_value: number;
  better: PairedScoreBetter;
}

export type PairedTestScores = {[key: string]: PairedScore};

/**
 * Two runs on the same rows. Each score is tested by itself: of many, some differ by chance.
 */
export interface PairedTest {
  first: string;
  second: string;
  split: string;
  rows: number;
  level: number;
  method: string;
  scores: PairedTestScores;
}

export type PredictionsRowsItem = {[key: string]: string | number | boolean | null};

export interface Predictions {
  model: string;
  version: string;
  columns: string[];
  rows: PredictionsRowsItem[];
  warm: boolean;
  milliseconds: number;
  model_milliseconds: number;
  job_id: string;
}

export type SnapshotViewSource = {[key: string]: string};

export interface SnapshotView {
  digest: string;
  project: string;
  size: number;
  files: number;
  project_path: string;
  entry_points: EntryPointView[];
  source: SnapshotViewSource;
  created_at: string;
}

export interface ProjectView {
  name: string;
  owner: string | null;
  snapshot: SnapshotView | null;
  created_at: string;
}

export type PrunerKind = typeof PrunerKind[keyof typeof PrunerKind];


export const PrunerKind = {
  none: 'none',
  median: 'median',
  asha: 'asha',
} as const;

/**
 * Which trials end early, judged by the metric's values as they come.
 *
 * `median`: below the median of the complete ones at the same step. `asha`: asynchronous successive halving (Li et al.
 * 2020): at each rung only the best `1/reduction_factor` of those that reached it go on.
 */
export interface Pruner {
  kind?: PrunerKind;
  /** @minimum 0 */
  warmup_steps?: number;
  /**
     * @minimum 1
     * @maximum 1000
     */
  startup_trials?: number;
  /** @minimum 1 */
  min_resource?: number;
  /**
     * @minimum 2
     * @maximum 100
     */
  reduction_factor?: number;
}

/**
 * Null = no limit.
 */
export interface Quota {
  max_gpus?: number | null;
  max_running?: number | null;
  max_queued?: number | null;
  /**
     * @minimum -100
     * @maximum 100
     */
  max_priority?: number;
  /**
     * @maximum 1000
     * @exclusiveMinimum 0
     */
  share?: number;
}

export interface QuotaView {
  user: string;
  quota: Quota;
  own: boolean;
  average: number;
  gpus: number;
  running: number;
  queued: number;
}

/**
 * A member of a job over several machines has all it needs, and would listen here if it is rank 0.
 */
export interface Ready {
  rank?: number;
  /**
     * @minLength 1
     * @maxLength 255
     */
  address: string;
  /**
     * @minimum 1
     * @maximum 65535
     */
  port: number;
}

export type RecordPageKind = typeof RecordPageKind[keyof typeof RecordPageKind];


export const RecordPageKind = {
  sequences: 'sequences',
  variants: 'variants',
  alignment: 'alignment',
} as const;

export interface RecordView {
  row: number;
  line: number;
  id: string;
  length: number;
  sequence: string;
  target: string | null;
  set: string | null;
}

export interface RecordPage {
  kind: RecordPageKind;
  items: RecordView[];
  offset: number;
  total: number;
  rows: number;
}

/**
 * Sent with a join token the first time, with the node's own token after that.
 */
export interface Register {
  protocol: number;
  /** @pattern ^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$ */
  name: string;
  info: NodeInfo;
}

export interface RegisterReply {
  node_id: string;
  token: string | null;
  redis_url: string | null;
  heartbeat_seconds: number;
  server_time: string;
}

/**
 * Days after a job's end; null = for ever. Nothing of a job whose model is registered is ever touched.
 */
export interface Rules {
  checkpoints_days?: number | null;
  logs_days?: number | null;
  results_days?: number | null;
}

export interface Surplus {
  jobs?: number;
  files?: number;
  bytes?: number;
}

export interface RetentionView {
  rules: Rules;
  checkpoints: Surplus;
  logs: Surplus;
  results: Surplus;
}

export type Role = typeof Role[keyof typeof Role];


export const Role = {
  viewer: 'viewer',
  member: 'member',
  admin: 'admin',
} as const;

export interface RollBack {
  /** @maxLength 1000 */
  reason?: string;
}

/**
 * Limits of predictions on demand; what is over them is for a predict job.
 */
export interface ServingSettings {
  /**
     * @minimum 0
     * @maximum 1000
     */
  endpoints?: number;
  /**
     * @minimum 0.01
     * @maximum 10080
     */
  idle_minutes?: number;
  /**
     * @minimum 0
     * @maximum 86400
     */
  rest_seconds?: number;
  /**
     * @minimum 1
     * @maximum 100000
     */
  sequences?: number;
  /**
     * @minimum 1
     * @maximum 10000000
     */
  residues?: number;
  /**
     * @minimum 1024
     * @maximum 16777216
     */
  body_bytes?: number;
  /**
     * @minimum 1
     * @maximum 1000
     */
  per_endpoint?: number;
  /**
     * @minimum 1
     * @maximum 1000
     */
  per_user?: number;
  /**
     * @minimum 0.1
     * @maximum 600
     */
  answer_seconds?: number;
  /**
     * @minimum 0
     * @maximum 64
     */
  gpus?: number;
  /**
     * @maximum 4096
     * @exclusiveMinimum 0
     */
  cpus?: number;
  /** @minimum 0 */
  memory?: number;
}

/**
 * First run: the one-time token that the server printed makes the first admin.
 */
export interface Setup {
  /** @maxLength 200 */
  setup_token: string;
  /** @pattern ^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$ */
  name: string;
  /**
     * @minLength 10
     * @maxLength 256
     */
  password: string;
}

export interface SignIn {
  /** @maxLength 64 */
  name: string;
  /** @maxLength 256 */
  password: string;
}

export type SnapshotCreateSource = {[key: string]: string};

/**
 * An uploaded archive (`proteinx.contracts.snapshot.pack`) becomes the project's newest snapshot.
 */
export interface SnapshotCreate {
  upload_id?: string | null;
  /** @pattern ^[0-9a-f]{64}$ */
  digest: string;
  source?: SnapshotCreateSource;
}

export type StateReportDetail = { [key: string]: unknown };

export type StateReportEnvironment = {[key: string]: string};

/**
 * preparing, running or finalizing; repeating the present state is accepted.
 */
export interface StateReport {
  rank?: number;
  state: AttemptState;
  detail?: StateReportDetail;
  environment?: StateReportEnvironment;
}

export type StoreFaultWhat = typeof StoreFaultWhat[keyof typeof StoreFaultWhat];


export const StoreFaultWhat = {
  artifact: 'artifact',
  checkpoint: 'checkpoint',
  dataset: 'dataset',
  snapshot: 'snapshot',
} as const;

export type StoreFaultState = typeof StoreFaultState[keyof typeof StoreFaultState];


export const StoreFaultState = {
  missing: 'missing',
  changed: 'changed',
} as const;

/**
 * A file that is not what the database says of it.
 */
export interface StoreFault {
  key: string;
  what: StoreFaultWhat;
  of: string;
  state: StoreFaultState;
}

/**
 * One page of a look through the store.
 */
export interface StoreCheck {
  files: number;
  bytes: number;
  faults: StoreFault[];
  next: string | null;
}

export interface StructureView {
  name: string;
  models: number;
  insertion_codes: number;
  alternatives: number;
  notes: string[];
  confidence: boolean;
  chains: ChainView[];
}

export type SweepCreateSpace = {[key: string]: Dimension};

export type SweepCreateDirection = typeof SweepCreateDirection[keyof typeof SweepCreateDirection];


export const SweepCreateDirection = {
  minimize: 'minimize',
  maximize: 'maximize',
} as const;

export type SweepCreateSampler = typeof SweepCreateSampler[keyof typeof SweepCreateSampler];


export const SweepCreateSampler = {
  grid: 'grid',
  random: 'random',
  tpe: 'tpe',
} as const;

export interface SweepCreate {
  job: JobCreate;
  space: SweepCreateSpace;
  /**
     * @minLength 1
     * @maxLength 250
     */
  metric: string;
  direction?: SweepCreateDirection;
  sampler?: SweepCreateSampler;
  pruner?: Pruner;
  /**
     * @minimum 1
     * @maximum 200
     */
  parallelism?: number;
  max_trials?: number | null;
  max_seconds?: number | null;
  /**
     * @minimum 0
     * @maximum 20
     */
  finalists?: number;
  /**
     * @maxItems 20
     * @items.minimum 0
     * @items.maximum 2147483647
     */
  seeds?: number[];
  /**
     * @minLength 1
     * @maxLength 200
     */
  seed_key?: string;
  /**
     * @minimum 0
     * @maximum 2147483647
     */
  seed?: number;
  name?: string | null;
  idempotency_key?: string | null;
}

export type SweepDetailDirection = typeof SweepDetailDirection[keyof typeof SweepDetailDirection];


export const SweepDetailDirection = {
  minimize: 'minimize',
  maximize: 'maximize',
} as const;

export type SweepDetailSampler = typeof SweepDetailSampler[keyof typeof SweepDetailSampler];


export const SweepDetailSampler = {
  grid: 'grid',
  random: 'random',
  tpe: 'tpe',
} as const;

export type SweepDetailPruner = typeof SweepDetailPruner[keyof typeof SweepDetailPruner];


export const SweepDetailPruner = {
  none: 'none',
  median: 'median',
  asha: 'asha',
} as const;

export type SweepDetailTrials = {[key: string]: number};

export type SweepDetailImportance = {[key: string]: number};

export type TrialState = typeof TrialState[keyof typeof TrialState];


export const TrialState = {
  waiting: 'waiting',
  live: 'live',
  complete: 'complete',
  pruned: 'pruned',
  failed: 'failed',
  cancelled: 'cancelled',
} as const;

export type TrialViewPoint = { [key: string]: unknown };

export interface TrialView {
  number: number;
  state: TrialState;
  point: TrialViewPoint;
  value: number | null;
  reason: string;
  reason_words?: Words | null;
  job_id: string | null;
  job_state: string | null;
  finalist: number | null;
  seed: number | null;
  steps: number | null;
  created_at: string;
  ended_at: string | null;
}

export interface SweepDetail {
  id: string;
  name: string;
  owner: string;
  project: string;
  experiment: string;
  experiment_id: string;
  state: SweepState;
  reason: string;
  reason_words?: Words | null;
  metric: string;
  direction: SweepDetailDirection;
  sampler: SweepDetailSampler;
  pruner: SweepDetailPruner;
  parallelism: number;
  max_trials: number;
  trials: SweepDetailTrials;
  best: BestTrial | null;
  created_at: string;
  ended_at: string | null;
  request: SweepCreate;
  trial_list: TrialView[];
  importance: SweepDetailImportance;
  finals: FinalistView[];
}

export interface SystemSettings {
  /**
     * @minimum 0.1
     * @maximum 300
     */
  heartbeat_seconds?: number;
  /**
     * @minimum 0.2
     * @maximum 3600
     */
  suspect_seconds?: number;
  /**
     * @minimum 1
     * @maximum 86400
     */
  lease_seconds?: number;
  /**
     * @minimum 1
     * @maximum 3600
     */
  claim_seconds?: number;
  /** @minimum 1 */
  max_upload_bytes?: number;
  /** @minimum 4096 */
  max_log_bytes?: number;
  /** @minimum 0 */
  checkpoint_bytes?: number;
  /** @minimum 0 */
  min_free_bytes?: number;
  /**
     * @minimum 0
     * @maximum 3660
     */
  trash_days?: number;
  fair_share?: boolean;
  /**
     * @minimum 60
     * @maximum 31622400
     */
  fair_share_half_life_seconds?: number;
  /**
     * @maximum 4096
     * @exclusiveMinimum 0
     */
  cpus_per_gpu?: number;
  /**
     * @minimum 1
     * @maximum 31622400
     */
  aging_seconds?: number;
  backfill?: boolean;
  /**
     * @minimum 0
     * @maximum 100
     */
  reservations?: number;
  preemption?: boolean;
  default_quota?: Quota;
  /**
     * @minimum 0
     * @maximum 1000
     */
  quarantine_failures?: number;
  /**
     * @minimum 1
     * @maximum 31622400
     */
  quarantine_window_seconds?: number;
  serving?: ServingSettings;
}

export interface TestResult {
  sent: boolean;
  detail: string;
}

/**
 * What one pass has removed; there may be more where `is_done` is false.
 */
export interface Tidied {
  checkpoints: Surplus;
  logs: Surplus;
  results: Surplus;
  is_done: boolean;
}

export interface TokenCreate {
  /**
     * @minLength 1
     * @maxLength 100
     */
  name: string;
  /**
     * @minimum 1
     * @maximum 3650
     */
  days?: number;
}

export interface TokenCreated {
  id: string;
  name: string;
  owner: string;
  created_at: string;
  expires_at: string;
  last_used_at: string | null;
  token: string;
}

export interface TokenView {
  id: string;
  name: string;
  owner: string;
  created_at: string;
  expires_at: string;
  last_used_at: string | null;
}

/**
 * Opens an upload, or finds the actor's unfinished one with the same digest and size again.
 */
export interface UploadOpen {
  /** @pattern ^[0-9a-f]{64}$ */
  sha256: string;
  /** @minimum 0 */
  size: number;
}

export interface UploadView {
  id: string;
  sha256: string;
  size: number;
  part_size: number;
  received: number[];
  complete: boolean;
}

export interface UserCreate {
  /** @pattern ^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$ */
  name: string;
  /**
     * @minLength 10
     * @maxLength 256
     */
  password: string;
  role?: Role;
}

export interface UserUpdate {
  role?: Role | null;
  password?: string | null;
  disabled?: boolean | null;
  current_password?: string | null;
}

export interface UserView {
  id: string;
  name: string;
  role: Role;
  disabled: boolean;
  created_at: string;
}

export interface VersionCreate {
  upload_id: string;
  /**
     * @minLength 1
     * @maxLength 200
     */
  filename: string;
  columns?: ColumnNames;
  /** @maxLength 5000 */
  description?: string;
  clean?: boolean;
}

/**
 * What a folder would be as the workdir; nothing was made.
 */
export interface WorkdirCheck {
  path: string;
  exists: boolean;
  writable: boolean;
  free_bytes: number | null;
  total_bytes: number | null;
  problem: string | null;
}

export interface WorkdirSet {
  /**
     * @minLength 1
     * @maxLength 4096
     */
  path: string;
}

export interface WorkdirView {
  path: string | null;
  exists: boolean;
  writable: boolean;
  free_bytes: number | null;
  total_bytes: number | null;
  changeable: boolean;
  problem: string | null;
}

/**
 * `error` is stable and for programs; `detail` is a sentence that says what to do.
 */
export interface ErrorBody {
  error: string;
  detail: string;
  field?: string | null;
  words?: Words | null;
  job?: string | null;
}

export interface JobMessage {
  type?: 'job';
  job_id: string;
  state: string;
  attempt: number;
  reason: string;
  reason_words?: Words | null;
}

/**
 * A subscription that can't be had, or a message that makes no sense; the connection goes on.
 */
export interface LiveError {
  type?: 'error';
  error: string;
  detail: string;
  topic?: string | null;
}

export interface LogMessage {
  type?: 'log';
  job_id: string;
  attempt: number;
  rank: number;
  offset: number;
  size: number;
  text: string;
}

export type NodeMessageData = { [key: string]: unknown };

export interface NodeMessage {
  type?: 'node';
  node_id: string;
  data: NodeMessageData;
}

export const PingMessageValue = {
  type: 'ping',
} as const;
export type PingMessage = typeof PingMessageValue;

export type SubscribeOp = typeof SubscribeOp[keyof typeof SubscribeOp];


export const SubscribeOp = {
  subscribe: 'subscribe',
  unsubscribe: 'unsubscribe',
} as const;

export interface Subscribe {
  op: SubscribeOp;
  topic: string;
  attempt?: number;
  offset?: number;
}

export type LiveMessage = LogMessage | JobMessage | NodeMessage | PingMessage | LiveError;

export type ReadAuditParams = {
cursor?: string | null;
/**
 * @minimum 1
 * @maximum 500
 */
limit?: number;
action?: string | null;
};

export type CheckStoreParams = {
content?: boolean;
cursor?: string | null;
};

export type ReadNodeHistoryParams = {
/**
 * @maximum 8760
 * @exclusiveMinimum 0
 */
hours?: number;
/**
 * @minimum 10
 * @maximum 5000
 */
points?: number;
};

export type AppendLogParams = {
attempt: number;
/**
 * @minimum 0
 */
offset: number;
/**
 * @minimum 0
 */
rank?: number;
};

export type ReadLogParams = {
attempt?: number | null;
/**
 * @minimum 0
 */
rank?: number;
/**
 * @minimum 0
 */
offset?: number;
limit?: number | null;
tail?: number | null;
search?: string | null;
};

export type IndexLogParams = {
attempt?: number | null;
/**
 * @minimum 0
 */
rank?: number;
/**
 * @minimum 0
 */
offset?: number;
/**
 * @minimum 10
 * @maximum 100000
 */
every?: number;
};

export type ReadCurveParams = {
/**
 * @minLength 1
 * @maxLength 250
 */
key: string;
/**
 * @minimum 2
 * @maximum 2000
 */
points?: number;
after?: number | null;
};

export type ListJobsParams = {
state?: JobState[] | null;
owner?: string | null;
project?: string | null;
experiment?: string | null;
node?: string | null;
parent_job?: string | null;
parent_run?: string | null;
search?: string | null;
trashed?: boolean;
metric?: string | null;
most_first?: boolean;
cursor?: string | null;
/**
 * @minimum 1
 * @maximum 500
 */
limit?: number;
};

export type CommitCheckpointParams = {
/**
 * @minimum 1
 */
attempt: number;
};

export type CommitArtifactsParams = {
/**
 * @minimum 1
 */
attempt: number;
};

export type ListDatasetsParams = {
/**
 * @minimum 1
 * @maximum 500
 */
limit?: number;
cursor?: string | null;
search?: string | null;
};

export type FindVersionsParams = {
/**
 * @pattern ^[0-9a-f]{64}$
 */
sha256: string;
};

export type ListDatasetRecordsParams = {
/**
 * @minimum 0
 */
offset?: number;
/**
 * @minimum 1
 * @maximum 500
 */
limit?: number;
/**
 * Which file; none = the first.
 */
path?: string | null;
search?: string | null;
set?: string | null;
min_length?: number | null;
max_length?: number | null;
line?: number[] | null;
};

export type ReadDatasetAlignmentParams = {
/**
 * Which file; none = the first.
 */
path?: string | null;
};

export type ReadDatasetStructureParams = {
/**
 * Which file; none = the first.
 */
path?: string | null;
};

export type GetFormParams = {
/**
 * @maxLength 100
 */
entry_point?: string;
/**
 * @maxItems 50
 */
choice?: string[];
};

export type DeleteModelAliasParams = {
/**
 * @maxLength 1000
 */
reason?: string;
};

export type CompareRunsParams = {
/**
 * @pattern ^[0-9a-f]{32}(,[0-9a-f]{32}){0,499}$
 */
ids: string;
};

export type TestPairParams = {
/**
 * @pattern ^[0-9a-f]{32}$
 */
first: string;
/**
 * @pattern ^[0-9a-f]{32}$
 */
second: string;
/**
 * @pattern ^(train|val|test)$
 */
split?: string;
};

export type ListSweepsParams = {
state?: SweepState[] | null;
owner?: string | null;
project?: string | null;
search?: string | null;
cursor?: string | null;
/**
 * @minimum 1
 * @maximum 500
 */
limit?: number;
};

export type ReadNotificationLogParams = {
/**
 * @minimum 1
 * @maximum 500
 */
limit?: number;
};

export type PredictNowParams = {
/**
 * Seconds to wait for a model that starts.
 * @minimum 0
 * @maximum 120
 */
wait?: number;
};

export type PredictNowBodySequencesItem = string | {
  /**
     * @minLength 1
     * @maxLength 500
     */
  id: string;
  sequence: string;
  partner?: string | null;
};

export type PredictNowBody = {
  sequences: PredictNowBodySequencesItem[];
};

export type NextRequestParams = {
/**
 * @minimum 0
 * @maximum 60
 */
wait?: number;
};

