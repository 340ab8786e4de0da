import type { FastifyError, FastifyInstance } from 'fastify'
import { faultAnswer, RequestFault } from './request-fault.js'

/** Answers of the HTTP server itself, in the shape in which GraphQL answers too. */
export function answerFaults(app: FastifyInstance): void {
  app.setErrorHandler<FastifyError | RequestFault>((error, request, reply) => {
    const { status, code, message, details } = explain(error)
    if (status >= 500 && !(error instanceof RequestFault)) {
      request.log.error({ err: error }, 'request failed')
    }
    if (status === 401) void reply.header('www-authenticate', 'Bearer')
    if (details?.headers) void reply.headers(details.headers)
    void reply.status(status).send(faultAnswer(code, message, details))
  })
  app.setNotFoundHandler((_request, reply) => {
    void reply.status(404).send(faultAnswer('NOT_FOUND', 'There is nothing here.'))
  })
}

function explain(error: FastifyError | RequestFault): {
  status: number
  code: string
  message: string
  details?: RequestFault['details']
} {
  if (error instanceof RequestFault) {
    const { statusCode: status, code, message, details } = error
    return { status, code, message, details }
  }
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return { status: 413, code: 'LIMIT_EXCEEDED', message: 'The body is too large.' }
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return { status: 415, code: 'BAD_REQUEST', message: 'The body is sent as application/json.' }
    default: {
      const status = error.statusCode ?? 500
      return status >= 400 && status < 500
        ? { status, code: 'BAD_REQUEST', message: 'The request cannot be read.' }
        : {
            status: 500,
            code: 'INTERNAL_SERVER_ERROR',
            message: 'Something went wrong on our side.',
          }
    }
  }
}
