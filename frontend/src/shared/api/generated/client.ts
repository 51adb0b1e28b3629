/**
 * Generated from openapi.json by `npm run generate`; do not edit.
 */
import type {
  AliasMove,
  AliasSet,
  AlignmentView,
  AppendLogParams,
  ArtifactCommit,
  ArtifactView,
  CheckStoreParams,
  CheckpointCommit,
  CheckpointView,
  Claim,
  ClientPackage,
  CommitArtifactsParams,
  CommitCheckpointParams,
  CompareRunsParams,
  ComparedRun,
  Curve,
  DatasetView,
  DeleteModelAliasParams,
  Dependents,
  Description,
  DestinationCreate,
  DestinationMade,
  DestinationUpdate,
  DestinationView,
  DrainRequest,
  EndpointView,
  Explain,
  FindVersionsParams,
  Fingerprint,
  Finish,
  FormSchema,
  Gate,
  GetFormParams,
  GitSource,
  Health,
  Heartbeat,
  HeartbeatReply,
  IndexLogParams,
  JobCheck,
  JobCreate,
  JobDetail,
  JobEvent,
  JobSpec,
  JobView,
  JoinTokenCreate,
  JoinTokenCreated,
  Labels,
  ListDatasetRecordsParams,
  ListDatasetsParams,
  ListJobsParams,
  ListSweepsParams,
  LogAck,
  LogIndex,
  Meeting,
  MetricView,
  ModelVersionCreate,
  ModelVersionView,
  ModelView,
  Next,
  NextRequestParams,
  NodeHistoryPoint,
  NodeView,
  NotificationView,
  PageAuditEntryView,
  PageDatasetView,
  PageJobView,
  PageSweepView,
  PairedTest,
  PredictNowBody,
  PredictNowParams,
  Predictions,
  ProjectView,
  Quota,
  QuotaView,
  ReadAuditParams,
  ReadCurveParams,
  ReadDatasetAlignmentParams,
  ReadDatasetStructureParams,
  ReadLogParams,
  ReadNodeHistoryParams,
  ReadNotificationLogParams,
  Ready,
  RecordPage,
  Register,
  RegisterReply,
  RetentionView,
  RollBack,
  Rules,
  Setup,
  SignIn,
  SnapshotCreate,
  SnapshotView,
  StateReport,
  StoreCheck,
  StructureView,
  SweepCreate,
  SweepDetail,
  SweepView,
  SystemSettings,
  TestPairParams,
  TestResult,
  Tidied,
  TokenCreate,
  TokenCreated,
  TokenView,
  UploadOpen,
  UploadView,
  UserCreate,
  UserUpdate,
  UserView,
  VersionCreate,
  VersionView,
  WorkdirCheck,
  WorkdirSet,
  WorkdirView
} from './client.schemas';

import { request } from '../request';

export const getReadHealthUrl = () => {




  return `/api/health`
}

/**
 * The one route that needs no credential: it says which parts work, and nothing of what they hold.
 * @summary Read Health
 */
export const readHealth = async ( options?: Parameters<typeof request>[1]): Promise<Health> => {

  return request<Health>(getReadHealthUrl(),
  {
    ...options,
    method: 'GET'


  }
);}



export const getSetUpUrl = () => {




  return `/api/setup`
}

/**
 * @summary Set Up
 */
export const setUp = async (setup: Setup, options?: Parameters<typeof request>[1]): Promise<UserView> => {

    const getHeaders = (h?: NonNullable<RequestInit['headers']>): Record<string, string | readonly string[]> => {
    if (!h) return {};
    if (h instanceof Headers) return Object.fromEntries(h.entries());
    if (Symbol.iterator in h) {
      return Object.fromEntries(
        Array.from(h as Iterable<Iterable<string>>, (entry) => Array.from(entry) as [string, string]),
      );
    }
    const headers: Record<string, string | readonly string[]> = {};
    for (const [name, value] of Object.entries<string | readonly string[] | undefined>(h)) {
      if (value !== undefined) headers[name] = value;
    }
    return headers;
  };
return request<UserView>(getSetUpUrl(),
  {
    ...options,
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...getHeaders(options?.headers) },
    body: JSON.stringify(setup)
  }
);}



export const getWhoAmIUrl = () => {




  return `/api/session`
}

/**
 * @summary Who Am I
 */
export const whoAmI = async ( options?: Parameters<typeof request>[1]): Promise<UserView> => {

  return request<UserView>(getWhoAmIUrl(),
  {
    ...options,
    method: 'GET'


  }
);}



export const getOpenSessionUrl = () => {




  return `/api/session`
}

/**
 * @summary Open Session
 */
export const openSession = async (signIn: SignIn, options?: Parameters<typeof request>[1]): Promise<UserView> => {

    const getHeaders = (h?: NonNullable<RequestInit['headers']>): Record<string, string | readonly string[]> => {
    if (!h) return {};
    if (h instanceof Headers) return Object.fromEntries(h.entries());
    if (Symbol.iterator in h) {
      return Object.fromEntries(
        Array.from(h as Iterable<Iterable<string>>, (entry) => Array.from(entry) as [string, string]),
      );
    }
    const headers: Record<string, string | readonly string[]> = {};
    for (const [name, value] of Object.entries<string | readonly string[] | undefined>(h)) {
      if (value !== undefined) headers[name] = value;
    }
    return headers;
  };
return request<UserView>(getOpenSessionUrl(),
  {
    ...options,
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...getHeaders(options?.headers) },
    body: JSON.stringify(signIn)
  }
);}



export const getCloseSessionUrl = () => {




  return `/api/session`
}

/**
 * @summary Close Session
 */
export const closeSession = async ( options?: Parameters<typeof request>[1]): Promise<void> => {

  return request<void>(getCloseSessionUrl(),
  {
    ...options,
    method: 'DELETE'


  }
);}



export const getListUsersUrl = () => {




  return `/api/users`
}

/**
 * @summary List Users
 */
export const listUsers = async ( options?: Parameters<typeof request>[1]): Promise<UserView[]> => {

  return request<UserView[]>(getListUsersUrl(),
  {
    ...options,
    method: 'GET'


  }
);}



export const getCreateUserUrl = () => {




  return `/api/users`
}

/**
 * @summary Create User
 */
export const createUser = async (userCreate: UserCreate, options?: Parameters<typeof request>[1]): Promise<UserView> => {

    const getHeaders = (h?: NonNullable<RequestInit['headers']>): Record<string, string | readonly string[]> => {
    if (!h) return {};
    if (h instanceof Headers) return Object.fromEntries(h.entries());
    if (Symbol.iterator in h) {
      return Object.fromEntries(
        Array.from(h as Iterable<Iterable<string>>, (entry) => Array.from(entry) as [string, string]),
      );
    }
    const headers: Record<string, string | readonly string[]> = {};
    for (const [name, value] of Object.entries<string | readonly string[] | undefined>(h)) {
      if (value !== undefined) headers[name] = value;
    }
    return headers;
  };
return request<UserView>(getCreateUserUrl(),
  {
    ...options,
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...getHeaders(options?.headers) },
    body: JSON.stringify(userCreate)
  }
);}



export const getChangeUserUrl = (userId: string,) => {




  return `/api/users/${userId}`
}

/**
 * @summary Change User
 */
export const changeUser = async (userId: string,
    userUpdate: UserUpdate, options?: Parameters<typeof request>[1]): Promise<UserView> => {

    const getHeaders = (h?: NonNullable<RequestInit['headers']>): Record<string, string | readonly string[]> => {
    if (!h) return {};
    if (h instanceof Headers) return Object.fromEntries(h.entries());
    if (Symbol.iterator in h) {
      return Object.fromEntries(
        Array.from(h as Iterable<Iterable<string>>, (entry) => Array.from(entry) as [string, string]),
      );
    }
    const headers: Record<string, string | readonly string[]> = {};
    for (const [name, value] of Object.entries<string | readonly string[] | undefined>(h)) {
      if (value !== undefined) headers[name] = value;
    }
    return headers;
  };
return request<UserView>(getChangeUserUrl(userId),
  {
    ...options,
    method: 'PATCH',
    headers: { 'Content-Type': 'application/json', ...getHeaders(options?.headers) },
    body: JSON.stringify(userUpdate)
  }
);}



export const getListTokensUrl = () => {




  return `/api/tokens`
}

/**
 * @summary List Tokens
 */
export const listTokens = async ( options?: Parameters<typeof request>[1]): Promise<TokenView[]> => {

  return request<TokenView[]>(getListTokensUrl(),
  {
    ...options,
    method: 'GET'


  }
);}



export const getCreateTokenUrl = () => {




  return `/api/tokens`
}

/**
 * @summary Create Token
 */
export const createToken = async (tokenCreate: TokenCreate, options?: Parameters<typeof request>[1]): Promise<TokenCreated> => {

    const getHeaders = (h?: NonNullable<RequestInit['headers']>): Record<string, string | readonly string[]> => {
    if (!h) return {};
    if (h instanceof Headers) return Object.fromEntries(h.entries());
    if (Symbol.iterator in h) {
      return Object.fromEntries(
        Array.from(h as Iterable<Iterable<string>>, (entry) => Array.from(entry) as [string, string]),
      );
    }
    const headers: Record<string, string | readonly string[]> = {};
    for (const [name, value] of Object.entries<string | readonly string[] | undefined>(h)) {
      if (value !== undefined) headers[name] = value;
    }
    return headers;
  };
return request<TokenCreated>(getCreateTokenUrl(),
  {
    ...options,
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...getHeaders(options?.headers) },
    body: JSON.stringify(tokenCreate)
  }
);}



export const getRevokeTokenUrl = (tokenId: string,) => {




  return `/api/tokens/${tokenId}`
}

/**
 * @summary Revoke Token
 */
export const revokeToken = async (tokenId: string, options?: Parameters<typeof request>[1]): Promise<void> => {

  return request<void>(getRevokeTokenUrl(tokenId),
  {
    ...options,
    method: 'DELETE'


  }
);}



export const getCreateJoinTokenUrl = () => {




  return `/api/join-tokens`
}

/**
 * @summary Create Join Token
 */
export const createJoinToken = async (joinTokenCreate: JoinTokenCreate, options?: Parameters<typeof request>[1]): Promise<JoinTokenCreated> => {

    const getHeaders = (h?: NonNullable<RequestInit['headers']>): Record<string, string | readonly string[]> => {
    if (!h) return {};
    if (h instanceof Headers) return Object.fromEntries(h.entries());
    if (Symbol.iterator in h) {
      return Object.fromEntries(
        Array.from(h as Iterable<Iterable<string>>, (entry) => Array.from(entry) as [string, string]),
      );
    }
    const headers: Record<string, string | readonly string[]> = {};
    for (const [name, value] of Object.entries<string | readonly string[] | undefined>(h)) {
      if (value !== undefined) headers[name] = value;
    }
    return headers;
  };
return request<JoinTokenCreated>(getCreateJoinTokenUrl(),
  {
    ...options,
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...getHeaders(options?.headers) },
    body: JSON.stringify(joinTokenCreate)
  }
);}



export const getReadAuditUrl = (params?: ReadAuditParams,) => {
  const normalizedParams = new URLSearchParams();

  Object.entries(params || {}).forEach(([key, value]) => {

    if (value !== undefined) {
      normalizedParams.append(key, value === null ? 'null' : String(value))
    }
  });

  const stringifiedParams = normalizedParams.toString();

  return stringifiedParams.length > 0 ? `/api/audit?${stringifiedParams}` : `/api/audit`
}

/**
 * @summary Read Audit
 */
export const readAudit = async (params?: ReadAuditParams, options?: Parameters<typeof request>[1]): Promise<PageAuditEntryView> => {

  return request<PageAuditEntryView>(getReadAuditUrl(params),
  {
    ...options,
    method: 'GET'


  }
);}



export const getListQuotasUrl = () => {




  return `/api/quotas`
}

/**
 * @summary List Quotas
 */
export const listQuotas = async ( options?: Parameters<typeof request>[1]): Promise<QuotaView[]> => {

  return request<QuotaView[]>(getListQuotasUrl(),
  {
    ...options,
    method: 'GET'


  }
);}



export const getReadQuotaUrl = (name: string,) => {




  return `/api/users/${name}/quota`
}

/**
 * @summary Read Quota
 */
export const readQuota = async (name: string, options?: Parameters<typeof request>[1]): Promise<QuotaView> => {

  return request<QuotaView>(getReadQuotaUrl(name),
  {
    ...options,
    method: 'GET'


  }
);}



export const getSetQuotaUrl = (name: string,) => {




  return `/api/users/${name}/quota`
}

/**
 * @summary Set Quota
 */
export const setQuota = async (name: string,
    quota: Quota, options?: Parameters<typeof request>[1]): Promise<QuotaView> => {

    const getHeaders = (h?: NonNullable<RequestInit['headers']>): Record<string, string | readonly string[]> => {
    if (!h) return {};
    if (h instanceof Headers) return Object.fromEntries(h.entries());
    if (Symbol.iterator in h) {
      return Object.fromEntries(
        Array.from(h as Iterable<Iterable<string>>, (entry) => Array.from(entry) as [string, string]),
      );
    }
    const headers: Record<string, string | readonly string[]> = {};
    for (const [name, value] of Object.entries<string | readonly string[] | undefined>(h)) {
      if (value !== undefined) headers[name] = value;
    }
    return headers;
  };
return request<QuotaView>(getSetQuotaUrl(name),
  {
    ...options,
    method: 'PUT',
    headers: { 'Content-Type': 'application/json', ...getHeaders(options?.headers) },
    body: JSON.stringify(quota)
  }
);}



export const getRemoveQuotaUrl = (name: string,) => {




  return `/api/users/${name}/quota`
}

/**
 * Everybody's quota counts again.
 * @summary Remove Quota
 */
export const removeQuota = async (name: string, options?: Parameters<typeof request>[1]): Promise<QuotaView> => {

  return request<QuotaView>(getRemoveQuotaUrl(name),
  {
    ...options,
    method: 'DELETE'


  }
);}



export const getReadWorkdirUrl = () => {




  return `/api/workdir`
}

/**
 * @summary Read Workdir
 */
export const readWorkdir = async ( options?: Parameters<typeof request>[1]): Promise<WorkdirView> => {

  return request<WorkdirView>(getReadWorkdirUrl(),
  {
    ...options,
    method: 'GET'


  }
);}



export const getSetWorkdirUrl = () => {




  return `/api/workdir`
}

/**
 * @summary Set Workdir
 */
export const setWorkdir = async (workdirSet: WorkdirSet, options?: Parameters<typeof request>[1]): Promise<WorkdirView> => {

    const getHeaders = (h?: NonNullable<RequestInit['headers']>): Record<string, string | readonly string[]> => {
    if (!h) return {};
    if (h instanceof Headers) return Object.fromEntries(h.entries());
    if (Symbol.iterator in h) {
      return Object.fromEntries(
        Array.from(h as Iterable<Iterable<string>>, (entry) => Array.from(entry) as [string, string]),
      );
    }
    const headers: Record<string, string | readonly string[]> = {};
    for (const [name, value] of Object.entries<string | readonly string[] | undefined>(h)) {
      if (value !== undefined) headers[name] = value;
    }
    return headers;
  };
return request<WorkdirView>(getSetWorkdirUrl(),
  {
    ...options,
    method: 'PUT',
    headers: { 'Content-Type': 'application/json', ...getHeaders(options?.headers) },
    body: JSON.stringify(workdirSet)
  }
);}



export const getCheckWorkdirUrl = () => {




  return `/api/workdir/check`
}

/**
 * @summary Check Workdir
 */
export const checkWorkdir = async (workdirSet: WorkdirSet, options?: Parameters<typeof request>[1]): Promise<WorkdirCheck> => {

    const getHeaders = (h?: NonNullable<RequestInit['headers']>): Record<string, string | readonly string[]> => {
    if (!h) return {};
    if (h instanceof Headers) return Object.fromEntries(h.entries());
    if (Symbol.iterator in h) {
      return Object.fromEntries(
        Array.from(h as Iterable<Iterable<string>>, (entry) => Array.from(entry) as [string, string]),
      );
    }
    const headers: Record<string, string | readonly string[]> = {};
    for (const [name, value] of Object.entries<string | readonly string[] | undefined>(h)) {
      if (value !== undefined) headers[name] = value;
    }
    return headers;
  };
return request<WorkdirCheck>(getCheckWorkdirUrl(),
  {
    ...options,
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...getHeaders(options?.headers) },
    body: JSON.stringify(workdirSet)
  }
);}



export const getCheckStoreUrl = (params?: CheckStoreParams,) => {
  const normalizedParams = new URLSearchParams();

  Object.entries(params || {}).forEach(([key, value]) => {

    if (value !== undefined) {
      normalizedParams.append(key, value === null ? 'null' : String(value))
    }
  });

  const stringifiedParams = normalizedParams.toString();

  return stringifiedParams.length > 0 ? `/api/workdir/faults?${stringifiedParams}` : `/api/workdir/faults`
}

/**
 * A page of files by the order of their paths: whether each is there, by its size, or read whole (`content`).
 * @summary Check Store
 */
export const checkStore = async (params?: CheckStoreParams, options?: Parameters<typeof request>[1]): Promise<StoreCheck> => {

  return request<StoreCheck>(getCheckStoreUrl(params),
  {
    ...options,
    method: 'GET'


  }
);}



export const getReadSettingsUrl = () => {




  return `/api/settings`
}

/**
 * @summary Read Settings
 */
export const readSettings = async ( options?: Parameters<typeof request>[1]): Promise<SystemSettings> => {

  return request<SystemSettings>(getReadSettingsUrl(),
  {
    ...options,
    method: 'GET'


  }
);}



export const getSetSettingsUrl = () => {




  return `/api/settings`
}

/**
 * @summary Set Settings
 */
export const setSettings = async (systemSettings: SystemSettings, options?: Parameters<typeof request>[1]): Promise<SystemSettings> => {

    const getHeaders = (h?: NonNullable<RequestInit['headers']>): Record<string, string | readonly string[]> => {
    if (!h) return {};
    if (h instanceof Headers) return Object.fromEntries(h.entries());
    if (Symbol.iterator in h) {
      return Object.fromEntries(
        Array.from(h as Iterable<Iterable<string>>, (entry) => Array.from(entry) as [string, string]),
      );
    }
    const headers: Record<string, string | readonly string[]> = {};
    for (const [name, value] of Object.entries<string | readonly string[] | undefined>(h)) {
      if (value !== undefined) headers[name] = value;
    }
    return headers;
  };
return request<SystemSettings>(getSetSettingsUrl(),
  {
    ...options,
    method: 'PUT',
    headers: { 'Content-Type': 'application/json', ...getHeaders(options?.headers) },
    body: JSON.stringify(systemSettings)
  }
);}



export const getReadRetentionUrl = () => {




  return `/api/retention`
}

/**
 * The rules, and what they would remove now.
 * @summary Read Retention
 */
export const readRetention = async ( options?: Parameters<typeof request>[1]): Promise<RetentionView> => {

  return request<RetentionView>(getReadRetentionUrl(),
  {
    ...options,
    method: 'GET'


  }
);}



export const getSetRetentionUrl = () => {




  return `/api/retention`
}

/**
 * From now on they are applied once a day.
 * @summary Set Retention
 */
export const setRetention = async (rules: Rules, options?: Parameters<typeof request>[1]): Promise<RetentionView> => {

    const getHeaders = (h?: NonNullable<RequestInit['headers']>): Record<string, string | readonly string[]> => {
    if (!h) return {};
    if (h instanceof Headers) return Object.fromEntries(h.entries());
    if (Symbol.iterator in h) {
      return Object.fromEntries(
        Array.from(h as Iterable<Iterable<string>>, (entry) => Array.from(entry) as [string, string]),
      );
    }
    const headers: Record<string, string | readonly string[]> = {};
    for (const [name, value] of Object.entries<string | readonly string[] | undefined>(h)) {
      if (value !== undefined) headers[name] = value;
    }
    return headers;
  };
return request<RetentionView>(getSetRetentionUrl(),
  {
    ...options,
    method: 'PUT',
    headers: { 'Content-Type': 'application/json', ...getHeaders(options?.headers) },
    body: JSON.stringify(rules)
  }
);}



export const getPlanRetentionUrl = () => {




  return `/api/retention/plan`
}

/**
 * What such rules would remove now. Nothing is set and nothing removed.
 * @summary Plan Retention
 */
export const planRetention = async (rules: Rules, options?: Parameters<typeof request>[1]): Promise<RetentionView> => {

    const getHeaders = (h?: NonNullable<RequestInit['headers']>): Record<string, string | readonly string[]> => {
    if (!h) return {};
    if (h instanceof Headers) return Object.fromEntries(h.entries());
    if (Symbol.iterator in h) {
      return Object.fromEntries(
        Array.from(h as Iterable<Iterable<string>>, (entry) => Array.from(entry) as [string, string]),
      );
    }
    const headers: Record<string, string | readonly string[]> = {};
    for (const [name, value] of Object.entries<string | readonly string[] | undefined>(h)) {
      if (value !== undefined) headers[name] = value;
    }
    return headers;
  };
return request<RetentionView>(getPlanRetentionUrl(),
  {
    ...options,
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...getHeaders(options?.headers) },
    body: JSON.stringify(rules)
  }
);}



export const getRunRetentionUrl = () => {




  return `/api/retention/run`
}

/**
 * Applies the rules now. What is removed does not come back.
 * @summary Run Retention
 */
export const runRetention = async ( options?: Parameters<typeof request>[1]): Promise<Tidied> => {

  return request<Tidied>(getRunRetentionUrl(),
  {
    ...options,
    method: 'POST'


  }
);}



export const getRegisterNodeUrl = () => {




  return `/api/nodes/register`
}

/**
 * With a join token the first time, with the node's own token whenever its agent starts.
 * @summary Register Node
 */
export const registerNode = async (register: Register, options?: Parameters<typeof request>[1]): Promise<RegisterReply> => {

    const getHeaders = (h?: NonNullable<RequestInit['headers']>): Record<string, string | readonly string[]> => {
    if (!h) return {};
    if (h instanceof Headers) return Object.fromEntries(h.entries());
    if (Symbol.iterator in h) {
      return Object.fromEntries(
        Array.from(h as Iterable<Iterable<string>>, (entry) => Array.from(entry) as [string, string]),
      );
    }
    const headers: Record<string, string | readonly string[]> = {};
    for (const [name, value] of Object.entries<string | readonly string[] | undefined>(h)) {
      if (value !== undefined) headers[name] = value;
    }
    return headers;
  };
return request<RegisterReply>(getRegisterNodeUrl(),
  {
    ...options,
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...getHeaders(options?.headers) },
    body: JSON.stringify(register)
  }
);}



export const getSendHeartbeatUrl = () => {




  return `/api/nodes/heartbeat`
}

/**
 * @summary Send Heartbeat
 */
export const sendHeartbeat = async (heartbeat: Heartbeat, options?: Parameters<typeof request>[1]): Promise<HeartbeatReply> => {

    const getHeaders = (h?: NonNullable<RequestInit['headers']>): Record<string, string | readonly string[]> => {
    if (!h) return {};
    if (h instanceof Headers) return Object.fromEntries(h.entries());
    if (Symbol.iterator in h) {
      return Object.fromEntries(
        Array.from(h as Iterable<Iterable<string>>, (entry) => Array.from(entry) as [string, string]),
      );
    }
    const headers: Record<string, string | readonly string[]> = {};
    for (const [name, value] of Object.entries<string | readonly string[] | undefined>(h)) {
      if (value !== undefined) headers[name] = value;
    }
    return headers;
  };
return request<HeartbeatReply>(getSendHeartbeatUrl(),
  {
    ...options,
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...getHeaders(options?.headers) },
    body: JSON.stringify(heartbeat)
  }
);}



export const getListNodesUrl = () => {




  return `/api/nodes`
}

/**
 * @summary List Nodes
 */
export const listNodes = async ( options?: Parameters<typeof request>[1]): Promise<NodeView[]> => {

  return request<NodeView[]>(getListNodesUrl(),
  {
    ...options,
    method: 'GET'


  }
);}



export const getReadNodeUrl = (nodeId: string,) => {




  return `/api/nodes/${nodeId}`
}

/**
 * @summary Read Node
 */
export const readNode = async (nodeId: string, options?: Parameters<typeof request>[1]): Promise<NodeView> => {

  return request<NodeView>(getReadNodeUrl(nodeId),
  {
    ...options,
    method: 'GET'


  }
);}



export const getRemoveNodeUrl = (nodeId: string,) => {




  return `/api/nodes/${nodeId}`
}

/**
 * @summary Remove Node
 */
export const removeNode = async (nodeId: string, options?: Parameters<typeof request>[1]): Promise<void> => {

  return request<void>(getRemoveNodeUrl(nodeId),
  {
    ...options,
    method: 'DELETE'


  }
);}



export const getReadNodeHistoryUrl = (nodeId: string,
    params?: ReadNodeHistoryParams,) => {
  const normalizedParams = new URLSearchParams();

  Object.entries(params || {}).forEach(([key, value]) => {

    if (value !== undefined) {
      normalizedParams.append(key, value === null ? 'null' : String(value))
    }
  });

  const stringifiedParams = normalizedParams.toString();

  return stringifiedParams.length > 0 ? `/api/nodes/${nodeId}/history?${stringifiedParams}` : `/api/nodes/${nodeId}/history`
}

/**
 * @summary Read Node History
 */
export const readNodeHistory = async (nodeId: string,
    params?: ReadNodeHistoryParams, options?: Parameters<typeof request>[1]): Promise<NodeHistoryPoint[]> => {

  return request<NodeHistoryPoint[]>(getReadNodeHistoryUrl(nodeId,params),
  {
    ...options,
    method: 'GET'


  }
);}



export const getDrainNodeUrl = (nodeId: string,) => {




  return `/api/nodes/${nodeId}/drain`
}

/**
 * @summary Drain Node
 */
export const drainNode = async (nodeId: string,
    drainRequest: DrainRequest, options?: Parameters<typeof request>[1]): Promise<NodeView> => {

    const getHeaders = (h?: NonNullable<RequestInit['headers']>): Record<string, string | readonly string[]> => {
    if (!h) return {};
    if (h instanceof Headers) return Object.fromEntries(h.entries());
    if (Symbol.iterator in h) {
      return Object.fromEntries(
        Array.from(h as Iterable<Iterable<string>>, (entry) => Array.from(entry) as [string, string]),
      );
    }
    const headers: Record<string, string | readonly string[]> = {};
    for (const [name, value] of Object.entries<string | readonly string[] | undefined>(h)) {
      if (value !== undefined) headers[name] = value;
    }
    return headers;
  };
return request<NodeView>(getDrainNodeUrl(nodeId),
  {
    ...options,
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...getHeaders(options?.headers) },
    body: JSON.stringify(drainRequest)
  }
);}



export const getUndrainNodeUrl = (nodeId: string,) => {




  return `/api/nodes/${nodeId}/undrain`
}

/**
 * @summary Undrain Node
 */
export const undrainNode = async (nodeId: string, options?: Parameters<typeof request>[1]): Promise<NodeView> => {

  return request<NodeView>(getUndrainNodeUrl(nodeId),
  {
    ...options,
    method: 'POST'


  }
);}



export const getQuarantineNodeUrl = (nodeId: string,) => {




  return `/api/nodes/${nodeId}/quarantine`
}

/**
 * Undrain lets it out again.
 * @summary Quarantine Node
 */
export const quarantineNode = async (nodeId: string,
    drainRequest: DrainRequest, options?: Parameters<typeof request>[1]): Promise<NodeView> => {

    const getHeaders = (h?: NonNullable<RequestInit['headers']>): Record<string, string | readonly string[]> => {
    if (!h) return {};
    if (h instanceof Headers) return Object.fromEntries(h.entries());
    if (Symbol.iterator in h) {
      return Object.fromEntries(
        Array.from(h as Iterable<Iterable<string>>, (entry) => Array.from(entry) as [string, string]),
      );
    }
    const headers: Record<string, string | readonly string[]> = {};
    for (const [name, value] of Object.entries<string | readonly string[] | undefined>(h)) {
      if (value !== undefined) headers[name] = value;
    }
    return headers;
  };
return request<NodeView>(getQuarantineNodeUrl(nodeId),
  {
    ...options,
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...getHeaders(options?.headers) },
    body: JSON.stringify(drainRequest)
  }
);}



export const getLabelNodeUrl = (nodeId: string,) => {




  return `/api/nodes/${nodeId}/labels`
}

/**
 * @summary Label Node
 */
export const labelNode = async (nodeId: string,
    labels: Labels, options?: Parameters<typeof request>[1]): Promise<NodeView> => {

    const getHeaders = (h?: NonNullable<RequestInit['headers']>): Record<string, string | readonly string[]> => {
    if (!h) return {};
    if (h instanceof Headers) return Object.fromEntries(h.entries());
    if (Symbol.iterator in h) {
      return Object.fromEntries(
        Array.from(h as Iterable<Iterable<string>>, (entry) => Array.from(entry) as [string, string]),
      );
    }
    const headers: Record<string, string | readonly string[]> = {};
    for (const [name, value] of Object.entries<string | readonly string[] | undefined>(h)) {
      if (value !== undefined) headers[name] = value;
    }
    return headers;
  };
return request<NodeView>(getLabelNodeUrl(nodeId),
  {
    ...options,
    method: 'PUT',
    headers: { 'Content-Type': 'application/json', ...getHeaders(options?.headers) },
    body: JSON.stringify(labels)
  }
);}



export const getClaimAttemptUrl = (jobId: string,
    number: number,) => {




  return `/api/jobs/${jobId}/attempts/${number}/claim`
}

/**
 * @summary Claim Attempt
 */
export const claimAttempt = async (jobId: string,
    number: number,
    claim: Claim, options?: Parameters<typeof request>[1]): Promise<JobSpec> => {

    const getHeaders = (h?: NonNullable<RequestInit['headers']>): Record<string, string | readonly string[]> => {
    if (!h) return {};
    if (h instanceof Headers) return Object.fromEntries(h.entries());
    if (Symbol.iterator in h) {
      return Object.fromEntries(
        Array.from(h as Iterable<Iterable<string>>, (entry) => Array.from(entry) as [string, string]),
      );
    }
    const headers: Record<string, string | readonly string[]> = {};
    for (const [name, value] of Object.entries<string | readonly string[] | undefined>(h)) {
      if (value !== undefined) headers[name] = value;
    }
    return headers;
  };
return request<JobSpec>(getClaimAttemptUrl(jobId,number),
  {
    ...options,
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...getHeaders(options?.headers) },
    body: JSON.stringify(claim)
  }
);}



export const getMeetUrl = (jobId: string,
    number: number,) => {




  return `/api/jobs/${jobId}/attempts/${number}/rendezvous`
}

/**
 * @summary Meet
 */
export const meet = async (jobId: string,
    number: number,
    ready: Ready, options?: Parameters<typeof request>[1]): Promise<Meeting> => {

    const getHeaders = (h?: NonNullable<RequestInit['headers']>): Record<string, string | readonly string[]> => {
    if (!h) return {};
    if (h instanceof Headers) return Object.fromEntries(h.entries());
    if (Symbol.iterator in h) {
      return Object.fromEntries(
        Array.from(h as Iterable<Iterable<string>>, (entry) => Array.from(entry) as [string, string]),
      );
    }
    const headers: Record<string, string | readonly string[]> = {};
    for (const [name, value] of Object.entries<string | readonly string[] | undefined>(h)) {
      if (value !== undefined) headers[name] = value;
    }
    return headers;
  };
return request<Meeting>(getMeetUrl(jobId,number),
  {
    ...options,
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...getHeaders(options?.headers) },
    body: JSON.stringify(ready)
  }
);}



export const getReportStateUrl = (jobId: string,
    number: number,) => {




  return `/api/jobs/${jobId}/attempts/${number}/state`
}

/**
 * @summary Report State
 */
export const reportState = async (jobId: string,
    number: number,
    stateReport: StateReport, options?: Parameters<typeof request>[1]): Promise<void> => {

    const getHeaders = (h?: NonNullable<RequestInit['headers']>): Record<string, string | readonly string[]> => {
    if (!h) return {};
    if (h instanceof Headers) return Object.fromEntries(h.entries());
    if (Symbol.iterator in h) {
      return Object.fromEntries(
        Array.from(h as Iterable<Iterable<string>>, (entry) => Array.from(entry) as [string, string]),
      );
    }
    const headers: Record<string, string | readonly string[]> = {};
    for (const [name, value] of Object.entries<string | readonly string[] | undefined>(h)) {
      if (value !== undefined) headers[name] = value;
    }
    return headers;
  };
return request<void>(getReportStateUrl(jobId,number),
  {
    ...options,
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...getHeaders(options?.headers) },
    body: JSON.stringify(stateReport)
  }
);}



export const getFinishAttemptUrl = (jobId: string,
    number: number,) => {




  return `/api/jobs/${jobId}/attempts/${number}/finish`
}

/**
 * @summary Finish Attempt
 */
export const finishAttempt = async (jobId: string,
    number: number,
    finish: Finish, options?: Parameters<typeof request>[1]): Promise<void> => {

    const getHeaders = (h?: NonNullable<RequestInit['headers']>): Record<string, string | readonly string[]> => {
    if (!h) return {};
    if (h instanceof Headers) return Object.fromEntries(h.entries());
    if (Symbol.iterator in h) {
      return Object.fromEntries(
        Array.from(h as Iterable<Iterable<string>>, (entry) => Array.from(entry) as [string, string]),
      );
    }
    const headers: Record<string, string | readonly string[]> = {};
    for (const [name, value] of Object.entries<string | readonly string[] | undefined>(h)) {
      if (value !== undefined) headers[name] = value;
    }
    return headers;
  };
return request<void>(getFinishAttemptUrl(jobId,number),
  {
    ...options,
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...getHeaders(options?.headers) },
    body: JSON.stringify(finish)
  }
);}



export const getAppendLogUrl = (jobId: string,
    params: AppendLogParams,) => {
  const normalizedParams = new URLSearchParams();

  Object.entries(params || {}).forEach(([key, value]) => {

    if (value !== undefined) {
      normalizedParams.append(key, value === null ? 'null' : String(value))
    }
  });

  const stringifiedParams = normalizedParams.toString();

  return stringifiedParams.length > 0 ? `/api/jobs/${jobId}/logs?${stringifiedParams}` : `/api/jobs/${jobId}/logs`
}

/**
 * The raw bytes that belong at `offset` of this member's log.
 * @summary Append Log
 */
export const appendLog = async (jobId: string,
    params: AppendLogParams, options?: Parameters<typeof request>[1]): Promise<LogAck> => {

  return request<LogAck>(getAppendLogUrl(jobId,params),
  {
    ...options,
    method: 'POST'


  }
);}



export const getReadLogUrl = (jobId: string,
    params?: ReadLogParams,) => {
  const normalizedParams = new URLSearchParams();

  Object.entries(params || {}).forEach(([key, value]) => {

    if (value !== undefined) {
      normalizedParams.append(key, value === null ? 'null' : String(value))
    }
  });

  const stringifiedParams = normalizedParams.toString();

  return stringifiedParams.length > 0 ? `/api/jobs/${jobId}/logs?${stringifiedParams}` : `/api/jobs/${jobId}/logs`
}

/**
 * One member's log, of the newest attempt unless told otherwise.
 *
 * From `offset` at most `limit` bytes (without it, all), or the last `tail` lines, or the lines that hold `search`,
 * each as `<offset>:<line>`. `X-Log-Next` is the offset to go on from; ask until it equals `X-Log-Size`.
 * @summary Read Log
 */
export const readLog = async (jobId: string,
    params?: ReadLogParams, options?: Parameters<typeof request>[1]): Promise<void> => {

  return request<void>(getReadLogUrl(jobId,params),
  {
    ...options,
    method: 'GET'


  }
);}



export const getIndexLogUrl = (jobId: string,
    params?: IndexLogParams,) => {
  const normalizedParams = new URLSearchParams();

  Object.entries(params || {}).forEach(([key, value]) => {

    if (value !== undefined) {
      normalizedParams.append(key, value === null ? 'null' : String(value))
    }
  });

  const stringifiedParams = normalizedParams.toString();

  return stringifiedParams.length > 0 ? `/api/jobs/${jobId}/logs/index?${stringifiedParams}` : `/api/jobs/${jobId}/logs/index`
}

/**
 * Where each `every`-th line of one member's log begins, from the line at `offset` on.
 * @summary Index Log
 */
export const indexLog = async (jobId: string,
    params?: IndexLogParams, options?: Parameters<typeof request>[1]): Promise<LogIndex> => {

  return request<LogIndex>(getIndexLogUrl(jobId,params),
  {
    ...options,
    method: 'GET'


  }
);}



export const getListMetricsUrl = (jobId: string,) => {




  return `/api/jobs/${jobId}/metrics`
}

/**
 * The last value of each metric of the job's run, also while it runs.
 * @summary List Metrics
 */
export const listMetrics = async (jobId: string, options?: Parameters<typeof request>[1]): Promise<MetricView[]> => {

  return request<MetricView[]>(getListMetricsUrl(jobId),
  {
    ...options,
    method: 'GET'


  }
);}



export const getReadCurveUrl = (jobId: string,
    params: ReadCurveParams,) => {
  const normalizedParams = new URLSearchParams();

  Object.entries(params || {}).forEach(([key, value]) => {

    if (value !== undefined) {
      normalizedParams.append(key, value === null ? 'null' : String(value))
    }
  });

  const stringifiedParams = normalizedParams.toString();

  return stringifiedParams.length > 0 ? `/api/jobs/${jobId}/curve?${stringifiedParams}` : `/api/jobs/${jobId}/curve`
}

/**
 * One metric over its steps, thinned to about `points`; with `after`, only what came behind that step.
 * @summary Read Curve
 */
export const readCurve = async (jobId: string,
    params: ReadCurveParams, options?: Parameters<typeof request>[1]): Promise<Curve> => {

  return request<Curve>(getReadCurveUrl(jobId,params),
  {
    ...options,
    method: 'GET'


  }
);}



export const getCreateJobUrl = () => {




  return `/api/jobs`
}

/**
 * `Idempotency-Key` may be given as a header too.
 * @summary Create Job
 */
export const createJob = async (jobCreate: JobCreate, options?: Parameters<typeof request>[1]): Promise<JobView> => {

    const getHeaders = (h?: NonNullable<RequestInit['headers']>): Record<string, string | readonly string[]> => {
    if (!h) return {};
    if (h instanceof Headers) return Object.fromEntries(h.entries());
    if (Symbol.iterator in h) {
      return Object.fromEntries(
        Array.from(h as Iterable<Iterable<string>>, (entry) => Array.from(entry) as [string, string]),
      );
    }
    const headers: Record<string, string | readonly string[]> = {};
    for (const [name, value] of Object.entries<string | readonly string[] | undefined>(h)) {
      if (value !== undefined) headers[name] = value;
    }
    return headers;
  };
return request<JobView>(getCreateJobUrl(),
  {
    ...options,
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...getHeaders(options?.headers) },
    body: JSON.stringify(jobCreate)
  }
);}



export const getListJobsUrl = (params?: ListJobsParams,) => {
  const normalizedParams = new URLSearchParams();

  Object.entries(params || {}).forEach(([key, value]) => {
    const explodeParameters = ["state"];

    if (Array.isArray(value) && explodeParameters.includes(key)) {
      value.forEach((v) => {
        normalizedParams.append(key, v === null ? 'null' : String(v));
      });
      return;
    }

    if (value !== undefined) {
      normalizedParams.append(key, value === null ? 'null' : String(value))
    }
  });

  const stringifiedParams = normalizedParams.toString();

  return stringifiedParams.length > 0 ? `/api/jobs?${stringifiedParams}` : `/api/jobs`
}

/**
 * The newest first; with `metric` by its last value, the least first unless the most are wanted.
 * @summary List Jobs
 */
export const listJobs = async (params?: ListJobsParams, options?: Parameters<typeof request>[1]): Promise<PageJobView> => {

  return request<PageJobView>(getListJobsUrl(params),
  {
    ...options,
    method: 'GET'


  }
);}



export const getCheckJobUrl = () => {




  return `/api/jobs/check`
}

/**
 * @summary Check Job
 */
export const checkJob = async (jobCreate: JobCreate, options?: Parameters<typeof request>[1]): Promise<JobCheck> => {

    const getHeaders = (h?: NonNullable<RequestInit['headers']>): Record<string, string | readonly string[]> => {
    if (!h) return {};
    if (h instanceof Headers) return Object.fromEntries(h.entries());
    if (Symbol.iterator in h) {
      return Object.fromEntries(
        Array.from(h as Iterable<Iterable<string>>, (entry) => Array.from(entry) as [string, string]),
      );
    }
    const headers: Record<string, string | readonly string[]> = {};
    for (const [name, value] of Object.entries<string | readonly string[] | undefined>(h)) {
      if (value !== undefined) headers[name] = value;
    }
    return headers;
  };
return request<JobCheck>(getCheckJobUrl(),
  {
    ...options,
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...getHeaders(options?.headers) },
    body: JSON.stringify(jobCreate)
  }
);}



export const getReadJobUrl = (jobId: string,) => {




  return `/api/jobs/${jobId}`
}

/**
 * @summary Read Job
 */
export const readJob = async (jobId: string, options?: Parameters<typeof request>[1]): Promise<JobDetail> => {

  return request<JobDetail>(getReadJobUrl(jobId),
  {
    ...options,
    method: 'GET'


  }
);}



export const getTrashJobUrl = (jobId: string,) => {




  return `/api/jobs/${jobId}`
}

/**
 * With its run to the trash, for as long as the settings say.
 * @summary Trash Job
 */
export const trashJob = async (jobId: string, options?: Parameters<typeof request>[1]): Promise<JobView> => {

  return request<JobView>(getTrashJobUrl(jobId),
  {
    ...options,
    method: 'DELETE'


  }
);}



export const getCancelJobUrl = (jobId: string,) => {




  return `/api/jobs/${jobId}/cancel`
}

/**
 * @summary Cancel Job
 */
export const cancelJob = async (jobId: string, options?: Parameters<typeof request>[1]): Promise<JobView> => {

  return request<JobView>(getCancelJobUrl(jobId),
  {
    ...options,
    method: 'POST'


  }
);}



export const getReleaseJobUrl = (jobId: string,) => {




  return `/api/jobs/${jobId}/release`
}

/**
 * @summary Release Job
 */
export const releaseJob = async (jobId: string, options?: Parameters<typeof request>[1]): Promise<JobView> => {

  return request<JobView>(getReleaseJobUrl(jobId),
  {
    ...options,
    method: 'POST'


  }
);}



export const getRestoreJobUrl = (jobId: string,) => {




  return `/api/jobs/${jobId}/restore`
}

/**
 * Out of the trash.
 * @summary Restore Job
 */
export const restoreJob = async (jobId: string, options?: Parameters<typeof request>[1]): Promise<JobView> => {

  return request<JobView>(getRestoreJobUrl(jobId),
  {
    ...options,
    method: 'POST'


  }
);}



export const getRetryJobUrl = (jobId: string,) => {




  return `/api/jobs/${jobId}/retry`
}

/**
 * @summary Retry Job
 */
export const retryJob = async (jobId: string, options?: Parameters<typeof request>[1]): Promise<JobView> => {

  return request<JobView>(getRetryJobUrl(jobId),
  {
    ...options,
    method: 'POST'


  }
);}



export const getCloneJobUrl = (jobId: string,) => {




  return `/api/jobs/${jobId}/clone`
}

/**
 * A draft to edit and post: nothing is made.
 * @summary Clone Job
 */
export const cloneJob = async (jobId: string, options?: Parameters<typeof request>[1]): Promise<JobCreate> => {

  return request<JobCreate>(getCloneJobUrl(jobId),
  {
    ...options,
    method: 'POST'


  }
);}



export const getReadEventsUrl = (jobId: string,) => {




  return `/api/jobs/${jobId}/events`
}

/**
 * @summary Read Events
 */
export const readEvents = async (jobId: string, options?: Parameters<typeof request>[1]): Promise<JobEvent[]> => {

  return request<JobEvent[]>(getReadEventsUrl(jobId),
  {
    ...options,
    method: 'GET'


  }
);}



export const getExplainJobUrl = (jobId: string,) => {




  return `/api/jobs/${jobId}/explain`
}

/**
 * @summary Explain Job
 */
export const explainJob = async (jobId: string, options?: Parameters<typeof request>[1]): Promise<Explain> => {

  return request<Explain>(getExplainJobUrl(jobId),
  {
    ...options,
    method: 'GET'


  }
);}



export const getReadFingerprintUrl = (jobId: string,) => {




  return `/api/jobs/${jobId}/fingerprint`
}

/**
 * Digests of all that the job left, to compare it with a repetition.
 * @summary Read Fingerprint
 */
export const readFingerprint = async (jobId: string, options?: Parameters<typeof request>[1]): Promise<Fingerprint> => {

  return request<Fingerprint>(getReadFingerprintUrl(jobId),
  {
    ...options,
    method: 'GET'


  }
);}



export const getCommitCheckpointUrl = (jobId: string,
    params: CommitCheckpointParams,) => {
  const normalizedParams = new URLSearchParams();

  Object.entries(params || {}).forEach(([key, value]) => {

    if (value !== undefined) {
      normalizedParams.append(key, value === null ? 'null' : String(value))
    }
  });

  const stringifiedParams = normalizedParams.toString();

  return stringifiedParams.length > 0 ? `/api/jobs/${jobId}/checkpoints?${stringifiedParams}` : `/api/jobs/${jobId}/checkpoints`
}

/**
 * @summary Commit Checkpoint
 */
export const commitCheckpoint = async (jobId: string,
    checkpointCommit: CheckpointCommit,
    params: CommitCheckpointParams, options?: Parameters<typeof request>[1]): Promise<CheckpointView> => {

    const getHeaders = (h?: NonNullable<RequestInit['headers']>): Record<string, string | readonly string[]> => {
    if (!h) return {};
    if (h instanceof Headers) return Object.fromEntries(h.entries());
    if (Symbol.iterator in h) {
      return Object.fromEntries(
        Array.from(h as Iterable<Iterable<string>>, (entry) => Array.from(entry) as [string, string]),
      );
    }
    const headers: Record<string, string | readonly string[]> = {};
    for (const [name, value] of Object.entries<string | readonly string[] | undefined>(h)) {
      if (value !== undefined) headers[name] = value;
    }
    return headers;
  };
return request<CheckpointView>(getCommitCheckpointUrl(jobId,params),
  {
    ...options,
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...getHeaders(options?.headers) },
    body: JSON.stringify(checkpointCommit)
  }
);}



export const getListCheckpointsUrl = (jobId: string,) => {




  return `/api/jobs/${jobId}/checkpoints`
}

/**
 * @summary List Checkpoints
 */
export const listCheckpoints = async (jobId: string, options?: Parameters<typeof request>[1]): Promise<CheckpointView[]> => {

  return request<CheckpointView[]>(getListCheckpointsUrl(jobId),
  {
    ...options,
    method: 'GET'


  }
);}



export const getDownloadCheckpointUrl = (jobId: string,
    step: number,
    path: string,) => {




  return `/api/jobs/${jobId}/checkpoints/${step}/files/${path}`
}

/**
 * @summary Download Checkpoint
 */
export const downloadCheckpoint = async (jobId: string,
    step: number,
    path: string, options?: Parameters<typeof request>[1]): Promise<unknown> => {

  return request<unknown>(getDownloadCheckpointUrl(jobId,step,path),
  {
    ...options,
    method: 'GET'


  }
);}



export const getCommitArtifactsUrl = (jobId: string,
    params: CommitArtifactsParams,) => {
  const normalizedParams = new URLSearchParams();

  Object.entries(params || {}).forEach(([key, value]) => {

    if (value !== undefined) {
      normalizedParams.append(key, value === null ? 'null' : String(value))
    }
  });

  const stringifiedParams = normalizedParams.toString();

  return stringifiedParams.length > 0 ? `/api/jobs/${jobId}/artifacts?${stringifiedParams}` : `/api/jobs/${jobId}/artifacts`
}

/**
 * @summary Commit Artifacts
 */
export const commitArtifacts = async (jobId: string,
    artifactCommit: ArtifactCommit,
    params: CommitArtifactsParams, options?: Parameters<typeof request>[1]): Promise<ArtifactView[]> => {

    const getHeaders = (h?: NonNullable<RequestInit['headers']>): Record<string, string | readonly string[]> => {
    if (!h) return {};
    if (h instanceof Headers) return Object.fromEntries(h.entries());
    if (Symbol.iterator in h) {
      return Object.fromEntries(
        Array.from(h as Iterable<Iterable<string>>, (entry) => Array.from(entry) as [string, string]),
      );
    }
    const headers: Record<string, string | readonly string[]> = {};
    for (const [name, value] of Object.entries<string | readonly string[] | undefined>(h)) {
      if (value !== undefined) headers[name] = value;
    }
    return headers;
  };
return request<ArtifactView[]>(getCommitArtifactsUrl(jobId,params),
  {
    ...options,
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...getHeaders(options?.headers) },
    body: JSON.stringify(artifactCommit)
  }
);}



export const getListArtifactsUrl = (jobId: string,) => {




  return `/api/jobs/${jobId}/artifacts`
}

/**
 * @summary List Artifacts
 */
export const listArtifacts = async (jobId: string, options?: Parameters<typeof request>[1]): Promise<ArtifactView[]> => {

  return request<ArtifactView[]>(getListArtifactsUrl(jobId),
  {
    ...options,
    method: 'GET'


  }
);}



export const getDownloadArtifactUrl = (jobId: string,
    path: string,) => {




  return `/api/jobs/${jobId}/artifacts/${path}`
}

/**
 * @summary Download Artifact
 */
export const downloadArtifact = async (jobId: string,
    path: string, options?: Parameters<typeof request>[1]): Promise<unknown> => {

  return request<unknown>(getDownloadArtifactUrl(jobId,path),
  {
    ...options,
    method: 'GET'


  }
);}



export const getDownloadInputUrl = (jobId: string,
    parameter: string,
    path: string,) => {




  return `/api/jobs/${jobId}/inputs/${parameter}/${path}`
}

/**
 * @summary Download Input
 */
export const downloadInput = async (jobId: string,
    parameter: string,
    path: string, options?: Parameters<typeof request>[1]): Promise<unknown> => {

  return request<unknown>(getDownloadInputUrl(jobId,parameter,path),
  {
    ...options,
    method: 'GET'


  }
);}



export const getOpenUploadUrl = () => {




  return `/api/uploads`
}

/**
 * @summary Open Upload
 */
export const openUpload = async (uploadOpen: UploadOpen, options?: Parameters<typeof request>[1]): Promise<UploadView> => {

    const getHeaders = (h?: NonNullable<RequestInit['headers']>): Record<string, string | readonly string[]> => {
    if (!h) return {};
    if (h instanceof Headers) return Object.fromEntries(h.entries());
    if (Symbol.iterator in h) {
      return Object.fromEntries(
        Array.from(h as Iterable<Iterable<string>>, (entry) => Array.from(entry) as [string, string]),
      );
    }
    const headers: Record<string, string | readonly string[]> = {};
    for (const [name, value] of Object.entries<string | readonly string[] | undefined>(h)) {
      if (value !== undefined) headers[name] = value;
    }
    return headers;
  };
return request<UploadView>(getOpenUploadUrl(),
  {
    ...options,
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...getHeaders(options?.headers) },
    body: JSON.stringify(uploadOpen)
  }
);}



export const getGetUploadUrl = (uploadId: string,) => {




  return `/api/uploads/${uploadId}`
}

/**
 * @summary Get Upload
 */
export const getUpload = async (uploadId: string, options?: Parameters<typeof request>[1]): Promise<UploadView> => {

  return request<UploadView>(getGetUploadUrl(uploadId),
  {
    ...options,
    method: 'GET'


  }
);}



export const getPutPartUrl = (uploadId: string,
    number: number,) => {




  return `/api/uploads/${uploadId}/parts/${number}`
}

/**
 * @summary Put Part
 */
export const putPart = async (uploadId: string,
    number: number, options?: Parameters<typeof request>[1]): Promise<void> => {

  return request<void>(getPutPartUrl(uploadId,number),
  {
    ...options,
    method: 'PUT'


  }
);}



export const getCompleteUploadUrl = (uploadId: string,) => {




  return `/api/uploads/${uploadId}/complete`
}

/**
 * @summary Complete Upload
 */
export const completeUpload = async (uploadId: string, options?: Parameters<typeof request>[1]): Promise<UploadView> => {

  return request<UploadView>(getCompleteUploadUrl(uploadId),
  {
    ...options,
    method: 'POST'


  }
);}



export const getListDatasetsUrl = (params?: ListDatasetsParams,) => {
  const normalizedParams = new URLSearchParams();

  Object.entries(params || {}).forEach(([key, value]) => {

    if (value !== undefined) {
      normalizedParams.append(key, value === null ? 'null' : String(value))
    }
  });

  const stringifiedParams = normalizedParams.toString();

  return stringifiedParams.length > 0 ? `/api/datasets?${stringifiedParams}` : `/api/datasets`
}

/**
 * @summary List Datasets
 */
export const listDatasets = async (params?: ListDatasetsParams, options?: Parameters<typeof request>[1]): Promise<PageDatasetView> => {

  return request<PageDatasetView>(getListDatasetsUrl(params),
  {
    ...options,
    method: 'GET'


  }
);}



export const getFindVersionsUrl = (params: FindVersionsParams,) => {
  const normalizedParams = new URLSearchParams();

  Object.entries(params || {}).forEach(([key, value]) => {

    if (value !== undefined) {
      normalizedParams.append(key, value === null ? 'null' : String(value))
    }
  });

  const stringifiedParams = normalizedParams.toString();

  return stringifiedParams.length > 0 ? `/api/dataset-versions?${stringifiedParams}` : `/api/dataset-versions`
}

/**
 * Those of exactly this content: what is here need not be sent again.
 * @summary Find Versions
 */
export const findVersions = async (params: FindVersionsParams, options?: Parameters<typeof request>[1]): Promise<VersionView[]> => {

  return request<VersionView[]>(getFindVersionsUrl(params),
  {
    ...options,
    method: 'GET'


  }
);}



export const getGetDatasetUrl = (name: string,) => {




  return `/api/datasets/${name}`
}

/**
 * @summary Get Dataset
 */
export const getDataset = async (name: string, options?: Parameters<typeof request>[1]): Promise<DatasetView> => {

  return request<DatasetView>(getGetDatasetUrl(name),
  {
    ...options,
    method: 'GET'


  }
);}



export const getDeleteDatasetUrl = (name: string,) => {




  return `/api/datasets/${name}`
}

/**
 * @summary Delete Dataset
 */
export const deleteDataset = async (name: string, options?: Parameters<typeof request>[1]): Promise<void> => {

  return request<void>(getDeleteDatasetUrl(name),
  {
    ...options,
    method: 'DELETE'


  }
);}



export const getListDatasetVersionsUrl = (name: string,) => {




  return `/api/datasets/${name}/versions`
}

/**
 * @summary List Dataset Versions
 */
export const listDatasetVersions = async (name: string, options?: Parameters<typeof request>[1]): Promise<VersionView[]> => {

  return request<VersionView[]>(getListDatasetVersionsUrl(name),
  {
    ...options,
    method: 'GET'


  }
);}



export const getCreateDatasetVersionUrl = (name: string,) => {




  return `/api/datasets/${name}/versions`
}

/**
 * @summary Create Dataset Version
 */
export const createDatasetVersion = async (name: string,
    versionCreate: VersionCreate, options?: Parameters<typeof request>[1]): Promise<VersionView> => {

    const getHeaders = (h?: NonNullable<RequestInit['headers']>): Record<string, string | readonly string[]> => {
    if (!h) return {};
    if (h instanceof Headers) return Object.fromEntries(h.entries());
    if (Symbol.iterator in h) {
      return Object.fromEntries(
        Array.from(h as Iterable<Iterable<string>>, (entry) => Array.from(entry) as [string, string]),
      );
    }
    const headers: Record<string, string | readonly string[]> = {};
    for (const [name, value] of Object.entries<string | readonly string[] | undefined>(h)) {
      if (value !== undefined) headers[name] = value;
    }
    return headers;
  };
return request<VersionView>(getCreateDatasetVersionUrl(name),
  {
    ...options,
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...getHeaders(options?.headers) },
    body: JSON.stringify(versionCreate)
  }
);}



export const getListDependentsUrl = (name: string,) => {




  return `/api/datasets/${name}/dependents`
}

/**
 * @summary List Dependents
 */
export const listDependents = async (name: string, options?: Parameters<typeof request>[1]): Promise<Dependents> => {

  return request<Dependents>(getListDependentsUrl(name),
  {
    ...options,
    method: 'GET'


  }
);}



export const getGetDatasetVersionUrl = (name: string,
    number: number,) => {




  return `/api/datasets/${name}/versions/${number}`
}

/**
 * @summary Get Dataset Version
 */
export const getDatasetVersion = async (name: string,
    number: number, options?: Parameters<typeof request>[1]): Promise<VersionView> => {

  return request<VersionView>(getGetDatasetVersionUrl(name,number),
  {
    ...options,
    method: 'GET'


  }
);}



export const getDownloadDatasetFileUrl = (name: string,
    number: number,
    path: string,) => {




  return `/api/datasets/${name}/versions/${number}/files/${path}`
}

/**
 * @summary Download Dataset File
 */
export const downloadDatasetFile = async (name: string,
    number: number,
    path: string, options?: Parameters<typeof request>[1]): Promise<unknown> => {

  return request<unknown>(getDownloadDatasetFileUrl(name,number,path),
  {
    ...options,
    method: 'GET'


  }
);}



export const getDownloadCleanedDatasetUrl = (name: string,
    number: number,) => {




  return `/api/datasets/${name}/versions/${number}/cleaned`
}

/**
 * A cleaned copy, made anew; the header `ProteinX-Cleaned` says in JSON what was dropped, by rule and line.
 * @summary Download Cleaned Dataset
 */
export const downloadCleanedDataset = async (name: string,
    number: number, options?: Parameters<typeof request>[1]): Promise<void> => {

  return request<void>(getDownloadCleanedDatasetUrl(name,number),
  {
    ...options,
    method: 'GET'


  }
);}



export const getListDatasetRecordsUrl = (name: string,
    number: number,
    params?: ListDatasetRecordsParams,) => {
  const normalizedParams = new URLSearchParams();

  Object.entries(params || {}).forEach(([key, value]) => {
    const explodeParameters = ["line"];

    if (Array.isArray(value) && explodeParameters.includes(key)) {
      value.forEach((v) => {
        normalizedParams.append(key, v === null ? 'null' : String(v));
      });
      return;
    }

    if (value !== undefined) {
      normalizedParams.append(key, value === null ? 'null' : String(value))
    }
  });

  const stringifiedParams = normalizedParams.toString();

  return stringifiedParams.length > 0 ? `/api/datasets/${name}/versions/${number}/records?${stringifiedParams}` : `/api/datasets/${name}/versions/${number}/records`
}

/**
 * @summary List Dataset Records
 */
export const listDatasetRecords = async (name: string,
    number: number,
    params?: ListDatasetRecordsParams, options?: Parameters<typeof request>[1]): Promise<RecordPage> => {

  return request<RecordPage>(getListDatasetRecordsUrl(name,number,params),
  {
    ...options,
    method: 'GET'


  }
);}



export const getReadDatasetAlignmentUrl = (name: string,
    number: number,
    params?: ReadDatasetAlignmentParams,) => {
  const normalizedParams = new URLSearchParams();

  Object.entries(params || {}).forEach(([key, value]) => {

    if (value !== undefined) {
      normalizedParams.append(key, value === null ? 'null' : String(value))
    }
  });

  const stringifiedParams = normalizedParams.toString();

  return stringifiedParams.length > 0 ? `/api/datasets/${name}/versions/${number}/alignment?${stringifiedParams}` : `/api/datasets/${name}/versions/${number}/alignment`
}

/**
 * @summary Read Dataset Alignment
 */
export const readDatasetAlignment = async (name: string,
    number: number,
    params?: ReadDatasetAlignmentParams, options?: Parameters<typeof request>[1]): Promise<AlignmentView> => {

  return request<AlignmentView>(getReadDatasetAlignmentUrl(name,number,params),
  {
    ...options,
    method: 'GET'


  }
);}



export const getReadDatasetStructureUrl = (name: string,
    number: number,
    params?: ReadDatasetStructureParams,) => {
  const normalizedParams = new URLSearchParams();

  Object.entries(params || {}).forEach(([key, value]) => {

    if (value !== undefined) {
      normalizedParams.append(key, value === null ? 'null' : String(value))
    }
  });

  const stringifiedParams = normalizedParams.toString();

  return stringifiedParams.length > 0 ? `/api/datasets/${name}/versions/${number}/structure?${stringifiedParams}` : `/api/datasets/${name}/versions/${number}/structure`
}

/**
 * @summary Read Dataset Structure
 */
export const readDatasetStructure = async (name: string,
    number: number,
    params?: ReadDatasetStructureParams, options?: Parameters<typeof request>[1]): Promise<StructureView> => {

  return request<StructureView>(getReadDatasetStructureUrl(name,number,params),
  {
    ...options,
    method: 'GET'


  }
);}



export const getListProjectsUrl = () => {




  return `/api/projects`
}

/**
 * @summary List Projects
 */
export const listProjects = async ( options?: Parameters<typeof request>[1]): Promise<ProjectView[]> => {

  return request<ProjectView[]>(getListProjectsUrl(),
  {
    ...options,
    method: 'GET'


  }
);}



export const getGetProjectUrl = (name: string,) => {




  return `/api/projects/${name}`
}

/**
 * @summary Get Project
 */
export const getProject = async (name: string, options?: Parameters<typeof request>[1]): Promise<ProjectView> => {

  return request<ProjectView>(getGetProjectUrl(name),
  {
    ...options,
    method: 'GET'


  }
);}



export const getGetFormUrl = (name: string,
    params?: GetFormParams,) => {
  const normalizedParams = new URLSearchParams();

  Object.entries(params || {}).forEach(([key, value]) => {
    const explodeParameters = ["choice"];

    if (Array.isArray(value) && explodeParameters.includes(key)) {
      value.forEach((v) => {
        normalizedParams.append(key, v === null ? 'null' : String(v));
      });
      return;
    }

    if (value !== undefined) {
      normalizedParams.append(key, value === null ? 'null' : String(value))
    }
  });

  const stringifiedParams = normalizedParams.toString();

  return stringifiedParams.length > 0 ? `/api/projects/${name}/schema?${stringifiedParams}` : `/api/projects/${name}/schema`
}

/**
 * `choice` names groups that a person has chosen, `model=ridge`: fields and their values follow from it.
 * @summary Get Form
 */
export const getForm = async (name: string,
    params?: GetFormParams, options?: Parameters<typeof request>[1]): Promise<FormSchema> => {

  return request<FormSchema>(getGetFormUrl(name,params),
  {
    ...options,
    method: 'GET'


  }
);}



export const getListSnapshotsUrl = (name: string,) => {




  return `/api/projects/${name}/snapshots`
}

/**
 * @summary List Snapshots
 */
export const listSnapshots = async (name: string, options?: Parameters<typeof request>[1]): Promise<SnapshotView[]> => {

  return request<SnapshotView[]>(getListSnapshotsUrl(name),
  {
    ...options,
    method: 'GET'


  }
);}



export const getAddSnapshotUrl = (name: string,) => {




  return `/api/projects/${name}/snapshots`
}

/**
 * @summary Add Snapshot
 */
export const addSnapshot = async (name: string,
    snapshotCreate: SnapshotCreate, options?: Parameters<typeof request>[1]): Promise<SnapshotView> => {

    const getHeaders = (h?: NonNullable<RequestInit['headers']>): Record<string, string | readonly string[]> => {
    if (!h) return {};
    if (h instanceof Headers) return Object.fromEntries(h.entries());
    if (Symbol.iterator in h) {
      return Object.fromEntries(
        Array.from(h as Iterable<Iterable<string>>, (entry) => Array.from(entry) as [string, string]),
      );
    }
    const headers: Record<string, string | readonly string[]> = {};
    for (const [name, value] of Object.entries<string | readonly string[] | undefined>(h)) {
      if (value !== undefined) headers[name] = value;
    }
    return headers;
  };
return request<SnapshotView>(getAddSnapshotUrl(name),
  {
    ...options,
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...getHeaders(options?.headers) },
    body: JSON.stringify(snapshotCreate)
  }
);}



export const getAddGitUrl = (name: string,) => {




  return `/api/projects/${name}/git`
}

/**
 * Fetches the commit and answers once its snapshot is there.
 * @summary Add Git
 */
export const addGit = async (name: string,
    gitSource: GitSource, options?: Parameters<typeof request>[1]): Promise<SnapshotView> => {

    const getHeaders = (h?: NonNullable<RequestInit['headers']>): Record<string, string | readonly string[]> => {
    if (!h) return {};
    if (h instanceof Headers) return Object.fromEntries(h.entries());
    if (Symbol.iterator in h) {
      return Object.fromEntries(
        Array.from(h as Iterable<Iterable<string>>, (entry) => Array.from(entry) as [string, string]),
      );
    }
    const headers: Record<string, string | readonly string[]> = {};
    for (const [name, value] of Object.entries<string | readonly string[] | undefined>(h)) {
      if (value !== undefined) headers[name] = value;
    }
    return headers;
  };
return request<SnapshotView>(getAddGitUrl(name),
  {
    ...options,
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...getHeaders(options?.headers) },
    body: JSON.stringify(gitSource)
  }
);}



export const getDownloadSnapshotUrl = (digest: string,) => {




  return `/api/snapshots/${digest}`
}

/**
 * @summary Download Snapshot
 */
export const downloadSnapshot = async (digest: string, options?: Parameters<typeof request>[1]): Promise<unknown> => {

  return request<unknown>(getDownloadSnapshotUrl(digest),
  {
    ...options,
    method: 'GET'


  }
);}



export const getListModelsUrl = () => {




  return `/api/models`
}

/**
 * @summary List Models
 */
export const listModels = async ( options?: Parameters<typeof request>[1]): Promise<ModelView[]> => {

  return request<ModelView[]>(getListModelsUrl(),
  {
    ...options,
    method: 'GET'


  }
);}



export const getGetModelUrl = (name: string,) => {




  return `/api/models/${name}`
}

/**
 * @summary Get Model
 */
export const getModel = async (name: string, options?: Parameters<typeof request>[1]): Promise<ModelView> => {

  return request<ModelView>(getGetModelUrl(name),
  {
    ...options,
    method: 'GET'


  }
);}



export const getDescribeModelUrl = (name: string,) => {




  return `/api/models/${name}/description`
}

/**
 * @summary Describe Model
 */
export const describeModel = async (name: string,
    description: Description, options?: Parameters<typeof request>[1]): Promise<void> => {

    const getHeaders = (h?: NonNullable<RequestInit['headers']>): Record<string, string | readonly string[]> => {
    if (!h) return {};
    if (h instanceof Headers) return Object.fromEntries(h.entries());
    if (Symbol.iterator in h) {
      return Object.fromEntries(
        Array.from(h as Iterable<Iterable<string>>, (entry) => Array.from(entry) as [string, string]),
      );
    }
    const headers: Record<string, string | readonly string[]> = {};
    for (const [name, value] of Object.entries<string | readonly string[] | undefined>(h)) {
      if (value !== undefined) headers[name] = value;
    }
    return headers;
  };
return request<void>(getDescribeModelUrl(name),
  {
    ...options,
    method: 'PUT',
    headers: { 'Content-Type': 'application/json', ...getHeaders(options?.headers) },
    body: JSON.stringify(description)
  }
);}



export const getListModelVersionsUrl = (name: string,) => {




  return `/api/models/${name}/versions`
}

/**
 * @summary List Model Versions
 */
export const listModelVersions = async (name: string, options?: Parameters<typeof request>[1]): Promise<ModelVersionView[]> => {

  return request<ModelVersionView[]>(getListModelVersionsUrl(name),
  {
    ...options,
    method: 'GET'


  }
);}



export const getRegisterModelVersionUrl = (name: string,) => {




  return `/api/models/${name}/versions`
}

/**
 * @summary Register Model Version
 */
export const registerModelVersion = async (name: string,
    modelVersionCreate: ModelVersionCreate, options?: Parameters<typeof request>[1]): Promise<ModelVersionView> => {

    const getHeaders = (h?: NonNullable<RequestInit['headers']>): Record<string, string | readonly string[]> => {
    if (!h) return {};
    if (h instanceof Headers) return Object.fromEntries(h.entries());
    if (Symbol.iterator in h) {
      return Object.fromEntries(
        Array.from(h as Iterable<Iterable<string>>, (entry) => Array.from(entry) as [string, string]),
      );
    }
    const headers: Record<string, string | readonly string[]> = {};
    for (const [name, value] of Object.entries<string | readonly string[] | undefined>(h)) {
      if (value !== undefined) headers[name] = value;
    }
    return headers;
  };
return request<ModelVersionView>(getRegisterModelVersionUrl(name),
  {
    ...options,
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...getHeaders(options?.headers) },
    body: JSON.stringify(modelVersionCreate)
  }
);}



export const getDescribeModelVersionUrl = (name: string,
    version: string,) => {




  return `/api/models/${name}/versions/${version}/description`
}

/**
 * @summary Describe Model Version
 */
export const describeModelVersion = async (name: string,
    version: string,
    description: Description, options?: Parameters<typeof request>[1]): Promise<void> => {

    const getHeaders = (h?: NonNullable<RequestInit['headers']>): Record<string, string | readonly string[]> => {
    if (!h) return {};
    if (h instanceof Headers) return Object.fromEntries(h.entries());
    if (Symbol.iterator in h) {
      return Object.fromEntries(
        Array.from(h as Iterable<Iterable<string>>, (entry) => Array.from(entry) as [string, string]),
      );
    }
    const headers: Record<string, string | readonly string[]> = {};
    for (const [name, value] of Object.entries<string | readonly string[] | undefined>(h)) {
      if (value !== undefined) headers[name] = value;
    }
    return headers;
  };
return request<void>(getDescribeModelVersionUrl(name,version),
  {
    ...options,
    method: 'PUT',
    headers: { 'Content-Type': 'application/json', ...getHeaders(options?.headers) },
    body: JSON.stringify(description)
  }
);}



export const getCheckGateUrl = (name: string,
    version: string,) => {




  return `/api/models/${name}/versions/${version}/gate`
}

/**
 * Whether the version may become the champion, check by check.
 * @summary Check Gate
 */
export const checkGate = async (name: string,
    version: string, options?: Parameters<typeof request>[1]): Promise<Gate> => {

  return request<Gate>(getCheckGateUrl(name,version),
  {
    ...options,
    method: 'GET'


  }
);}



export const getRollBackAliasUrl = (name: string,
    alias: string,) => {




  return `/api/models/${name}/aliases/${alias}/rollback`
}

/**
 * To the version that had the alias before.
 * @summary Roll Back Alias
 */
export const rollBackAlias = async (name: string,
    alias: string,
    rollBack: RollBack, options?: Parameters<typeof request>[1]): Promise<ModelVersionView> => {

    const getHeaders = (h?: NonNullable<RequestInit['headers']>): Record<string, string | readonly string[]> => {
    if (!h) return {};
    if (h instanceof Headers) return Object.fromEntries(h.entries());
    if (Symbol.iterator in h) {
      return Object.fromEntries(
        Array.from(h as Iterable<Iterable<string>>, (entry) => Array.from(entry) as [string, string]),
      );
    }
    const headers: Record<string, string | readonly string[]> = {};
    for (const [name, value] of Object.entries<string | readonly string[] | undefined>(h)) {
      if (value !== undefined) headers[name] = value;
    }
    return headers;
  };
return request<ModelVersionView>(getRollBackAliasUrl(name,alias),
  {
    ...options,
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...getHeaders(options?.headers) },
    body: JSON.stringify(rollBack)
  }
);}



export const getListAliasMovesUrl = (name: string,) => {




  return `/api/models/${name}/alias-moves`
}

/**
 * @summary List Alias Moves
 */
export const listAliasMoves = async (name: string, options?: Parameters<typeof request>[1]): Promise<AliasMove[]> => {

  return request<AliasMove[]>(getListAliasMovesUrl(name),
  {
    ...options,
    method: 'GET'


  }
);}



export const getSetModelAliasUrl = (name: string,
    alias: string,) => {




  return `/api/models/${name}/aliases/${alias}`
}

/**
 * @summary Set Model Alias
 */
export const setModelAlias = async (name: string,
    alias: string,
    aliasSet: AliasSet, options?: Parameters<typeof request>[1]): Promise<ModelVersionView> => {

    const getHeaders = (h?: NonNullable<RequestInit['headers']>): Record<string, string | readonly string[]> => {
    if (!h) return {};
    if (h instanceof Headers) return Object.fromEntries(h.entries());
    if (Symbol.iterator in h) {
      return Object.fromEntries(
        Array.from(h as Iterable<Iterable<string>>, (entry) => Array.from(entry) as [string, string]),
      );
    }
    const headers: Record<string, string | readonly string[]> = {};
    for (const [name, value] of Object.entries<string | readonly string[] | undefined>(h)) {
      if (value !== undefined) headers[name] = value;
    }
    return headers;
  };
return request<ModelVersionView>(getSetModelAliasUrl(name,alias),
  {
    ...options,
    method: 'PUT',
    headers: { 'Content-Type': 'application/json', ...getHeaders(options?.headers) },
    body: JSON.stringify(aliasSet)
  }
);}



export const getDeleteModelAliasUrl = (name: string,
    alias: string,
    params?: DeleteModelAliasParams,) => {
  const normalizedParams = new URLSearchParams();

  Object.entries(params || {}).forEach(([key, value]) => {

    if (value !== undefined) {
      normalizedParams.append(key, value === null ? 'null' : String(value))
    }
  });

  const stringifiedParams = normalizedParams.toString();

  return stringifiedParams.length > 0 ? `/api/models/${name}/aliases/${alias}?${stringifiedParams}` : `/api/models/${name}/aliases/${alias}`
}

/**
 * @summary Delete Model Alias
 */
export const deleteModelAlias = async (name: string,
    alias: string,
    params?: DeleteModelAliasParams, options?: Parameters<typeof request>[1]): Promise<void> => {

  return request<void>(getDeleteModelAliasUrl(name,alias,params),
  {
    ...options,
    method: 'DELETE'


  }
);}



export const getCompareRunsUrl = (params: CompareRunsParams,) => {
  const normalizedParams = new URLSearchParams();

  Object.entries(params || {}).forEach(([key, value]) => {

    if (value !== undefined) {
      normalizedParams.append(key, value === null ? 'null' : String(value))
    }
  });

  const stringifiedParams = normalizedParams.toString();

  return stringifiedParams.length > 0 ? `/api/runs/compare?${stringifiedParams}` : `/api/runs/compare`
}

/**
 * `ids`: of up to five hundred jobs, with commas between them.
 * @summary Compare Runs
 */
export const compareRuns = async (params: CompareRunsParams, options?: Parameters<typeof request>[1]): Promise<ComparedRun[]> => {

  return request<ComparedRun[]>(getCompareRunsUrl(params),
  {
    ...options,
    method: 'GET'


  }
);}



export const getTestPairUrl = (params: TestPairParams,) => {
  const normalizedParams = new URLSearchParams();

  Object.entries(params || {}).forEach(([key, value]) => {

    if (value !== undefined) {
      normalizedParams.append(key, value === null ? 'null' : String(value))
    }
  });

  const stringifiedParams = normalizedParams.toString();

  return stringifiedParams.length > 0 ? `/api/runs/paired?${stringifiedParams}` : `/api/runs/paired`
}

/**
 * Each score of the first run against the second's, on the same rows.
 * @summary Test Pair
 */
export const testPair = async (params: TestPairParams, options?: Parameters<typeof request>[1]): Promise<PairedTest> => {

  return request<PairedTest>(getTestPairUrl(params),
  {
    ...options,
    method: 'GET'


  }
);}



export const getReadClientUrl = () => {




  return `/api/client`
}

/**
 * @summary Read Client
 */
export const readClient = async ( options?: Parameters<typeof request>[1]): Promise<ClientPackage> => {

  return request<ClientPackage>(getReadClientUrl(),
  {
    ...options,
    method: 'GET'


  }
);}



export const getCreateSweepUrl = () => {




  return `/api/sweeps`
}

/**
 * @summary Create Sweep
 */
export const createSweep = async (sweepCreate: SweepCreate, options?: Parameters<typeof request>[1]): Promise<SweepView> => {

    const getHeaders = (h?: NonNullable<RequestInit['headers']>): Record<string, string | readonly string[]> => {
    if (!h) return {};
    if (h instanceof Headers) return Object.fromEntries(h.entries());
    if (Symbol.iterator in h) {
      return Object.fromEntries(
        Array.from(h as Iterable<Iterable<string>>, (entry) => Array.from(entry) as [string, string]),
      );
    }
    const headers: Record<string, string | readonly string[]> = {};
    for (const [name, value] of Object.entries<string | readonly string[] | undefined>(h)) {
      if (value !== undefined) headers[name] = value;
    }
    return headers;
  };
return request<SweepView>(getCreateSweepUrl(),
  {
    ...options,
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...getHeaders(options?.headers) },
    body: JSON.stringify(sweepCreate)
  }
);}



export const getListSweepsUrl = (params?: ListSweepsParams,) => {
  const normalizedParams = new URLSearchParams();

  Object.entries(params || {}).forEach(([key, value]) => {
    const explodeParameters = ["state"];

    if (Array.isArray(value) && explodeParameters.includes(key)) {
      value.forEach((v) => {
        normalizedParams.append(key, v === null ? 'null' : String(v));
      });
      return;
    }

    if (value !== undefined) {
      normalizedParams.append(key, value === null ? 'null' : String(value))
    }
  });

  const stringifiedParams = normalizedParams.toString();

  return stringifiedParams.length > 0 ? `/api/sweeps?${stringifiedParams}` : `/api/sweeps`
}

/**
 * @summary List Sweeps
 */
export const listSweeps = async (params?: ListSweepsParams, options?: Parameters<typeof request>[1]): Promise<PageSweepView> => {

  return request<PageSweepView>(getListSweepsUrl(params),
  {
    ...options,
    method: 'GET'


  }
);}



export const getReadSweepUrl = (sweepId: string,) => {




  return `/api/sweeps/${sweepId}`
}

/**
 * @summary Read Sweep
 */
export const readSweep = async (sweepId: string, options?: Parameters<typeof request>[1]): Promise<SweepDetail> => {

  return request<SweepDetail>(getReadSweepUrl(sweepId),
  {
    ...options,
    method: 'GET'


  }
);}



export const getPauseSweepUrl = (sweepId: string,) => {




  return `/api/sweeps/${sweepId}/pause`
}

/**
 * @summary Pause Sweep
 */
export const pauseSweep = async (sweepId: string, options?: Parameters<typeof request>[1]): Promise<SweepView> => {

  return request<SweepView>(getPauseSweepUrl(sweepId),
  {
    ...options,
    method: 'POST'


  }
);}



export const getResumeSweepUrl = (sweepId: string,) => {




  return `/api/sweeps/${sweepId}/resume`
}

/**
 * @summary Resume Sweep
 */
export const resumeSweep = async (sweepId: string, options?: Parameters<typeof request>[1]): Promise<SweepView> => {

  return request<SweepView>(getResumeSweepUrl(sweepId),
  {
    ...options,
    method: 'POST'


  }
);}



export const getStopSweepUrl = (sweepId: string,) => {




  return `/api/sweeps/${sweepId}/stop`
}

/**
 * @summary Stop Sweep
 */
export const stopSweep = async (sweepId: string, options?: Parameters<typeof request>[1]): Promise<SweepView> => {

  return request<SweepView>(getStopSweepUrl(sweepId),
  {
    ...options,
    method: 'POST'


  }
);}



export const getListNotificationsUrl = () => {




  return `/api/notifications`
}

/**
 * @summary List Notifications
 */
export const listNotifications = async ( options?: Parameters<typeof request>[1]): Promise<DestinationView[]> => {

  return request<DestinationView[]>(getListNotificationsUrl(),
  {
    ...options,
    method: 'GET'


  }
);}



export const getCreateNotificationUrl = () => {




  return `/api/notifications`
}

/**
 * The signing key of a webhook is in this reply only.
 * @summary Create Notification
 */
export const createNotification = async (destinationCreate: DestinationCreate, options?: Parameters<typeof request>[1]): Promise<DestinationMade> => {

    const getHeaders = (h?: NonNullable<RequestInit['headers']>): Record<string, string | readonly string[]> => {
    if (!h) return {};
    if (h instanceof Headers) return Object.fromEntries(h.entries());
    if (Symbol.iterator in h) {
      return Object.fromEntries(
        Array.from(h as Iterable<Iterable<string>>, (entry) => Array.from(entry) as [string, string]),
      );
    }
    const headers: Record<string, string | readonly string[]> = {};
    for (const [name, value] of Object.entries<string | readonly string[] | undefined>(h)) {
      if (value !== undefined) headers[name] = value;
    }
    return headers;
  };
return request<DestinationMade>(getCreateNotificationUrl(),
  {
    ...options,
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...getHeaders(options?.headers) },
    body: JSON.stringify(destinationCreate)
  }
);}



export const getChangeNotificationUrl = (destinationId: string,) => {




  return `/api/notifications/${destinationId}`
}

/**
 * @summary Change Notification
 */
export const changeNotification = async (destinationId: string,
    destinationUpdate: DestinationUpdate, options?: Parameters<typeof request>[1]): Promise<DestinationView> => {

    const getHeaders = (h?: NonNullable<RequestInit['headers']>): Record<string, string | readonly string[]> => {
    if (!h) return {};
    if (h instanceof Headers) return Object.fromEntries(h.entries());
    if (Symbol.iterator in h) {
      return Object.fromEntries(
        Array.from(h as Iterable<Iterable<string>>, (entry) => Array.from(entry) as [string, string]),
      );
    }
    const headers: Record<string, string | readonly string[]> = {};
    for (const [name, value] of Object.entries<string | readonly string[] | undefined>(h)) {
      if (value !== undefined) headers[name] = value;
    }
    return headers;
  };
return request<DestinationView>(getChangeNotificationUrl(destinationId),
  {
    ...options,
    method: 'PUT',
    headers: { 'Content-Type': 'application/json', ...getHeaders(options?.headers) },
    body: JSON.stringify(destinationUpdate)
  }
);}



export const getDeleteNotificationUrl = (destinationId: string,) => {




  return `/api/notifications/${destinationId}`
}

/**
 * @summary Delete Notification
 */
export const deleteNotification = async (destinationId: string, options?: Parameters<typeof request>[1]): Promise<void> => {

  return request<void>(getDeleteNotificationUrl(destinationId),
  {
    ...options,
    method: 'DELETE'


  }
);}



export const getTestNotificationUrl = (destinationId: string,) => {




  return `/api/notifications/${destinationId}/test`
}

/**
 * @summary Test Notification
 */
export const testNotification = async (destinationId: string, options?: Parameters<typeof request>[1]): Promise<TestResult> => {

  return request<TestResult>(getTestNotificationUrl(destinationId),
  {
    ...options,
    method: 'POST'


  }
);}



export const getReadNotificationLogUrl = (destinationId: string,
    params?: ReadNotificationLogParams,) => {
  const normalizedParams = new URLSearchParams();

  Object.entries(params || {}).forEach(([key, value]) => {

    if (value !== undefined) {
      normalizedParams.append(key, value === null ? 'null' : String(value))
    }
  });

  const stringifiedParams = normalizedParams.toString();

  return stringifiedParams.length > 0 ? `/api/notifications/${destinationId}/log?${stringifiedParams}` : `/api/notifications/${destinationId}/log`
}

/**
 * @summary Read Notification Log
 */
export const readNotificationLog = async (destinationId: string,
    params?: ReadNotificationLogParams, options?: Parameters<typeof request>[1]): Promise<NotificationView[]> => {

  return request<NotificationView[]>(getReadNotificationLogUrl(destinationId,params),
  {
    ...options,
    method: 'GET'


  }
);}



export const getPredictNowUrl = (model: string,
    params?: PredictNowParams,) => {
  const normalizedParams = new URLSearchParams();

  Object.entries(params || {}).forEach(([key, value]) => {

    if (value !== undefined) {
      normalizedParams.append(key, value === null ? 'null' : String(value))
    }
  });

  const stringifiedParams = normalizedParams.toString();

  return stringifiedParams.length > 0 ? `/api/models/${model}/predict?${stringifiedParams}` : `/api/models/${model}/predict`
}

/**
 * Of a few sequences, in this call, by a worker that keeps the model loaded. FASTA may be sent as text/plain.
 * @summary Predict Now
 */
export const predictNow = async (model: string,
    predictNowBody: PredictNowBody,
    params?: PredictNowParams, options?: Parameters<typeof request>[1]): Promise<Predictions> => {

    const getHeaders = (h?: NonNullable<RequestInit['headers']>): Record<string, string | readonly string[]> => {
    if (!h) return {};
    if (h instanceof Headers) return Object.fromEntries(h.entries());
    if (Symbol.iterator in h) {
      return Object.fromEntries(
        Array.from(h as Iterable<Iterable<string>>, (entry) => Array.from(entry) as [string, string]),
      );
    }
    const headers: Record<string, string | readonly string[]> = {};
    for (const [name, value] of Object.entries<string | readonly string[] | undefined>(h)) {
      if (value !== undefined) headers[name] = value;
    }
    return headers;
  };
return request<Predictions>(getPredictNowUrl(model,params),
  {
    ...options,
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...getHeaders(options?.headers) },
    body: JSON.stringify(predictNowBody)
  }
);}



export const getListEndpointsUrl = () => {




  return `/api/endpoints`
}

/**
 * The models that are loaded, or being loaded, the last used first.
 * @summary List Endpoints
 */
export const listEndpoints = async ( options?: Parameters<typeof request>[1]): Promise<EndpointView[]> => {

  return request<EndpointView[]>(getListEndpointsUrl(),
  {
    ...options,
    method: 'GET'


  }
);}



export const getStopEndpointUrl = (jobId: string,) => {




  return `/api/endpoints/${jobId}/stop`
}

/**
 * @summary Stop Endpoint
 */
export const stopEndpoint = async (jobId: string, options?: Parameters<typeof request>[1]): Promise<void> => {

  return request<void>(getStopEndpointUrl(jobId),
  {
    ...options,
    method: 'POST'


  }
);}



export const getNextRequestUrl = (jobId: string,
    number: number,
    params?: NextRequestParams,) => {
  const normalizedParams = new URLSearchParams();

  Object.entries(params || {}).forEach(([key, value]) => {

    if (value !== undefined) {
      normalizedParams.append(key, value === null ? 'null' : String(value))
    }
  });

  const stringifiedParams = normalizedParams.toString();

  return stringifiedParams.length > 0 ? `/api/jobs/${jobId}/attempts/${number}/requests?${stringifiedParams}` : `/api/jobs/${jobId}/attempts/${number}/requests`
}

/**
 * @summary Next Request
 */
export const nextRequest = async (jobId: string,
    number: number,
    params?: NextRequestParams, options?: Parameters<typeof request>[1]): Promise<Next> => {

  return request<Next>(getNextRequestUrl(jobId,number,params),
  {
    ...options,
    method: 'GET'


  }
);}



export const getSendReplyUrl = (jobId: string,
    number: number,) => {




  return `/api/jobs/${jobId}/attempts/${number}/replies`
}

/**
 * An `Answer` or a `Refusal`, read by hand as far as it may be long.
 * @summary Send Reply
 */
export const sendReply = async (jobId: string,
    number: number, options?: Parameters<typeof request>[1]): Promise<void> => {

  return request<void>(getSendReplyUrl(jobId,number),
  {
    ...options,
    method: 'POST'


  }
);}



