import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { layoutFiles, tar } from '../images/archives.ts'
import type { BuiltImage } from './images.ts'
import { push } from './push.ts'
import { StepFailure, type JobMachine } from './workflow-job.ts'
import { grants } from './workflow-github.ts'
import type { KnownHost } from './workflow-world.ts'

/** `docker build` of a context: what the commit says comes out of it. */
export function build(machine: JobMachine, context: string): BuiltImage {
  if (machine.checkedOut === null) throw new StepFailure(`${context}: no Dockerfile, nothing is checked out`)
  const image = machine.checkedOut.images?.[context]
  if (image === undefined) throw new Error(`the commit builds no image from ${context}`)
  return image
}

/** `docker login`: asks the registry, and writes Docker's credential file. */
export async function login(machine: JobMachine, host: string, username: string, password: string) {
  const { passwordOf } = hostOf(machine, host)
  if (password === '') throw new StepFailure(`Error: Password required`)
  if (passwordOf !== null && passwordOf(username) !== password) throw new StepFailure(`${host}: denied`)
  machine.logins.set(host, { username, password })
  const auths = [...machine.logins].map(([name, given]) => {
    const auth = Buffer.from(`${given.username}:${given.password}`).toString('base64')
    return [name === 'docker.io' ? 'https://index.docker.io/v1/' : name, { auth }]
  })
  await writeFile(
    join(machine.dockerConfig, 'config.json'),
    JSON.stringify({ auths: Object.fromEntries(auths) }),
  )
}

/** `docker push`: with the login there is, and as far as it may. */
export async function pushImage(machine: JobMachine, reference: string, image: BuiltImage): Promise<void> {
  const [, host = '', path = '', tag = ''] = /^([^/]+)\/(.+):([^:/]+)$/.exec(reference) ?? []
  const service = machine.services.get(host)
  if (service !== undefined) {
    await push(service.target(path), image, tag)
    return
  }
  const { registry, passwordOf } = hostOf(machine, host)
  if (passwordOf !== null && !machine.logins.has(host)) throw new StepFailure(`${host}: not logged in`)
  if (host !== 'ghcr.io') registry.seed(path, image, [tag])
  else if (grants(machine.world.permissions, 'packages', 'write')) machine.world.seed(path, image, [tag])
  else throw new StepFailure(`${reference}: denied: permission_denied: write_package`)
}

/** `--output type=oci,dest=FILE`, as BuildKit writes it. */
export async function exportArchive(machine: JobMachine, output: string, image: BuiltImage): Promise<void> {
  const [, file] = /^type=oci,dest=([\w./-]+)$/.exec(output) ?? []
  if (file === undefined) throw new Error(`the output ${output} is not emulated`)
  if (!machine.hasBuildx) throw new StepFailure('OCI exporter is not supported for the docker driver')
  await writeFile(join(machine.workspace, file), tar(layoutFiles(image)))
}

function hostOf({ world }: JobMachine, host: string): KnownHost {
  const known = world.hosts.get(host)
  if (known === undefined) throw new Error(`this world has no registry ${host}`)
  return known
}
